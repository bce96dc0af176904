import ClusterModel

/// The state of a cluster by what all its nodes tell.
struct ClusterSummary: Equatable {
    struct Shard: Equatable {
        var id: ShardID
        /// The members, including those that are down if the nodes tell of them.
        var members: [MemberID]
        /// The keys of the member that holds most; nil if none says.
        var keys: Int?
        var slots: Int?
        /// True if members that answer hold different numbers of keys.
        var isUneven = false
    }

    var nodes = 0
    var nodesUp = 0
    var shards: [Shard] = []
    /// The keys of all shards; nil if one shard does not tell, or no shard is told of.
    var keys: Int?
    /// The number of shards; nil if nobody says.
    var shardCount: Int?
    /// Other facts that the engine tells of the whole cluster: "epoch 3".
    var facts: [String]
    /// Faults of the cluster as a whole, a sentence each.
    var troubles: [String]
    /// The epochs of the nodes that answer, without nodes that are in none.
    var epochs: Set<UInt64> = []

    init(_ cluster: Cluster) {
        let polled = cluster.members.filter(\.isPolled)
        nodes = polled.count
        nodesUp = polled.count { $0.isReachable || $0.isRefusing == true }
        shards = cluster.shards.map {
            Shard(
                id: $0.id, members: $0.members.map(\.id).sorted(), keys: $0.keys, slots: $0.slots,
                isUneven: !$0.isEven)
        }
        shardCount = cluster.isTold ? shards.count : nil
        let told = shards.compactMap(\.keys)
        keys = cluster.isTold && told.count == shards.count ? told.reduce(0, +) : nil
        facts = cluster.facts.filter { !$0.value.isEmpty && $0.level == .good && !$0.isRestless }.map {
            "\($0.name) \($0.value)"
        }
        troubles = cluster.troubles.map(\.long)
        // Primaries and replicas are left out, as each has an epoch of its own.
        epochs = Set(polled.filter { $0.isReachable && $0.role == .equal }.compactMap(\.epoch).filter { $0 > 0 })
        if epochs.count > 1 { troubles.append("nodes disagree on the epoch") }
    }
}
