import ShardWire

/// The kind of program that listens at an address.
public enum NodeIdentity: Hashable, Sendable {
    /// A node that tells its whole state.
    case shardnode
    /// A node of another implementation, with the basic endpoints of one family of names.
    case basic(NameFamily)
    /// A node that tells nothing to a client that it does not know; in words.
    case refuses(String)
    /// Something else; in words, such as "speaks HTTP, but not this API: 404 text/html on /view".
    case other(String)
    /// Nobody, or nothing that answers in HTTP.
    case nobody(TransportError)
}
