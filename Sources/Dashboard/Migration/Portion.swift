import ShardCore

/// What a new shard is to get, as far as its keys are hashed.
struct Portion {
    let shard: Int
    let keys: Int
    /// Of these, the keys that another shard has now.
    let crossing: Int
}

extension ReshardProgress {
    /// By shard; one that has no keys yet is not there.
    var portions: [Portion] {
        var found: [Int: (keys: Int, crossing: Int)] = [:]
        for move in moves where move.planned > 0 {
            found[move.to, default: (0, 0)].keys += move.planned
            if move.from != move.to { found[move.to, default: (0, 0)].crossing += move.planned }
        }
        return found.sorted { $0.key < $1.key }.map {
            Portion(shard: $0.key, keys: $0.value.keys, crossing: $0.value.crossing)
        }
    }
}
