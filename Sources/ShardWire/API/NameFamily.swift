/// The two families of names in use for the same operations.
public enum NameFamily: String, Codable, Hashable, Sendable, CaseIterable {
    /// `/key-value-store/…`, `/key-value-store-view`, `/key-value-store-shard/…`
    case long
    /// `/kvs/…`, `/view`, `/shard/…`
    case short
}
