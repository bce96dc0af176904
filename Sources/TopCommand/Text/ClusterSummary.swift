import ClusterModel

/// What the nodes of a cluster tell together.
struct ClusterSummary: Equatable {
    struct Shard: Equatable {
        var id: ShardID
        /// Those that are down included, where the nodes tell of them.
        var members: [MemberID]
        /// Of the member that holds most; nil where none says.
        var keys: Int?
        var slots: Int?
        /// True where members that answer hold different numbers of keys.
        var isUneven = false
    }

    var nodes = 0
    var nodesUp = 0
    var shards: [Shard] = []
    /// Over all shards; nil where one does not tell, or nobody tells of any.
    var keys: Int?
    /// How many there are; nil where nobody says.
    var shardCount: Int?
    /// What else the engine tells of all: "epoch 3".
    var facts: [String]
    /// What is not well with it as a whole, a sentence each.
    var troubles: [String]
    /// All epochs that nodes which answer are in; those that are in none left out.
    var epochs: Set<UInt64> = []

    init(_ cluster: Cluster) {
        let polled = cluster.members.filter(\.isPolled)
        nodes = polled.count
        nodesUp = polled.count(where: \.isReachable)
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
        // Of primaries and replicas each has an epoch of its own.
        epochs = Set(polled.filter { $0.isReachable && $0.role == .equal }.compactMap(\.epoch).filter { $0 > 0 })
        if epochs.count > 1 { troubles.append("nodes disagree on the epoch") }
    }
}
