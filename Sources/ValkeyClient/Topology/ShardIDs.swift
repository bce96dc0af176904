/// The ids of shards, by node, of an answer to `CLUSTER SHARDS`. Servers before Valkey 9 do not tell them, and those before
/// Redis 7.0 do not know the command.
public struct ShardIDs: Hashable, Sendable {
    private static let nodesMax = NodesView.nodesMax

    /// A shard's id is in the same form as a node's.
    public private(set) var shards: [NodeID: NodeID] = [:]

    /// Nil if it is no such answer.
    public init?(_ reply: RESPValue) {
        guard let listed = reply.elements else { return nil }
        for shard in listed.prefix(Self.nodesMax) {
            guard let fields = shard.fields, let nodes = fields["nodes"]?.elements else { return nil }
            guard let id = fields["id"]?.bytes.flatMap({ NodeID(utf8: $0) }) else { continue }
            for node in nodes.prefix(Self.nodesMax) where shards.count < Self.nodesMax {
                guard let node = node.fields?["id"]?.bytes.flatMap({ NodeID(utf8: $0) }) else { continue }
                shards[node] = id
            }
        }
    }
}
