import ClusterModel
import ShardCore
import ShardWire

/// The answer to a read.
public struct GetAnswer: Sendable {
    /// Exactly as the node sent it; nil for no such key.
    public let value: JSONText?
    public let context: CausalContext
    public let node: NodeAddress
}

/// The answer to a put or a delete.
public struct WriteAnswer: Sendable {
    public enum Outcome: String, Sendable, Codable {
        case created, replaced, deleted, noSuchKey

        /// For people.
        public var words: String { self == .noSuchKey ? "no such key:" : rawValue }
    }

    public let outcome: Outcome
    public let context: CausalContext
    /// Nil where the node did not say.
    public let shard: ShardID?
    public let node: NodeAddress
    /// An earlier try of this request went out and was not answered. It may still be carried out, however late: it then
    /// is a write of its own, of the same value, and what was written to the key since may be older than it.
    public let mayComeTwice: Bool
}
