import ClusterModel
import ShardCore
import ShardWire

/// The answer to a read.
public struct GetAnswer: Sendable {
    /// The value exactly as the node sent it; nil if there is no such key.
    public let value: JSONText?
    public let context: CausalContext
    public let node: NodeAddress
}

/// The answer to a put or a delete.
public struct WriteAnswer: Sendable {
    public enum Outcome: String, Sendable, Codable {
        case created, replaced, deleted, noSuchKey

        /// The outcome in words, for people.
        public var words: String { self == .noSuchKey ? "no such key:" : rawValue }
    }

    public let outcome: Outcome
    public let context: CausalContext
    /// Nil if the node did not say.
    public let shard: ShardID?
    public let node: NodeAddress
    /// True if an earlier try of this request went out and was not answered. It may still be carried out, however late:
    /// it then is a write of its own, of the same value, and may be newer than what was written to the key since.
    public let mayComeTwice: Bool
}
