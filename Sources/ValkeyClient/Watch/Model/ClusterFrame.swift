import ClusterModel

/// The shards of a topology and the nodes in each, in the order to show them in. The same for as long as the topology
/// is the same.
struct ClusterFrame: Sendable {
    struct Part: Sendable {
        let id: ShardID
        /// The primary first, then its replicas by their addresses.
        let nodes: [Topology.Node]
    }

    let shards: [Part]
    /// Nodes in no shard: primaries without slots, and replicas of those.
    let others: [Topology.Node]

    init(_ topology: Topology, names: ShardNames) {
        var replicas: [NodeID: [Topology.Node]] = [:]
        for node in topology.nodes.values where node.isReplica {
            if let primary = node.primary { replicas[primary, default: []].append(node) }
        }
        var inShards: Set<NodeID> = []
        let parts = topology.nodes.values.filter { !$0.slots.isEmpty }.map { primary in
            let nodes =
                [primary]
                + (replicas[primary.id] ?? []).sorted {
                    ($0.address?.description ?? "", $0.id) < ($1.address?.description ?? "", $1.id)
                }
            inShards.formUnion(nodes.map(\.id))
            return Part(id: names.id(of: primary.id), nodes: nodes)
        }
        shards = parts.sorted { $0.id < $1.id }
        others = topology.nodes.values.filter { !inShards.contains($0.id) }
            .sorted { topology.member($0.id) < topology.member($1.id) }
    }
}
