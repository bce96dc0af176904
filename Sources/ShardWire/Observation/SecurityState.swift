/// The access of peers and clients to a node, and what stands open; docs/security.md tells the fields.
public struct SecurityState: Codable, Hashable, Sendable {
    /// The proof that a peer needs to be let in.
    public enum Peers: String, Codable, Hashable, Sendable {
        case open, secret, tls
        case tlsAndSecret = "tls+secret"
    }

    /// The proof of a role that a client needs.
    public enum Clients: String, Codable, Hashable, Sendable {
        case open, tokens
    }

    /// The protocol of the port.
    public enum Transport: String, Codable, Hashable, Sendable {
        case plain, tls
    }

    public var peers: Peers
    public var clients: Clients
    public var transport: Transport
    /// True during a change from open to closed: peers that show nothing, and clients in plain HTTP, are still let in.
    public var acceptsOpenPeers: Bool
    /// True if the node's address can be reached from its own machine only.
    public var isLoopback: Bool
    /// The weaknesses, a sentence each, for people.
    public var weaknesses: [String]
    /// Links that peers opened and that were not let in.
    public var refusedLinks: UInt64 = 0
    /// Links of this node that a peer did not let in, or that it gave up because the peer did not show who it is.
    public var refusedByPeers: UInt64 = 0
    /// Requests answered 401 or 403 for want of a token of their role.
    public var refusedRequests: UInt64 = 0
    /// The time at which the certificate ends, since 1970; nil without TLS.
    public var certificateEndsMilliseconds: UInt64?
    /// The reason why changed files are not in force; nil while all is well.
    public var problem: String?

    public init(
        peers: Peers, clients: Clients, transport: Transport, acceptsOpenPeers: Bool, isLoopback: Bool,
        weaknesses: [String]
    ) {
        self.peers = peers
        self.clients = clients
        self.transport = transport
        self.acceptsOpenPeers = acceptsOpenPeers
        self.isLoopback = isLoopback
        self.weaknesses = weaknesses
    }
}
