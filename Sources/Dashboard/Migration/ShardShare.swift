import ClusterModel

/// The keys that a new shard is to get, as far as they are hashed.
struct ShardShare {
    let shard: ShardID
    let planned: Int
    /// Of these, the keys that another shard has now.
    let crossing: Int
}

extension Change {
    /// The shares of all shards, ordered by shard; a shard without keys so far is left out.
    var portions: [ShardShare] {
        var found: [ShardID: (planned: Int, crossing: Int)] = [:]
        for pair in pairs where pair.planned > 0 {
            found[pair.to, default: (0, 0)].planned += pair.planned
            if pair.from != pair.to { found[pair.to, default: (0, 0)].crossing += pair.planned }
        }
        return found.sorted { $0.key < $1.key }.map {
            ShardShare(shard: $0.key, planned: $0.value.planned, crossing: $0.value.crossing)
        }
    }
}
