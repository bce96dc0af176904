import ShardCore

/// The answer to a read.
public struct GetAnswer: Sendable {
    /// Exactly as the node sent it; nil for no such key.
    public let value: JSONText?
    public let context: CausalContext
    public let node: NodeAddress
}

/// The answer to a put or a delete.
public struct WriteAnswer: Sendable {
    public enum Outcome: String, Sendable, Codable { case created, replaced, deleted, noSuchKey }

    public let outcome: Outcome
    public let context: CausalContext
    /// Nil where the node did not say.
    public let shard: Int?
    public let node: NodeAddress
}
