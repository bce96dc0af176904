extension Layout {
    /// The layout that every founding node computes alike from the view and the shard count.
    ///
    /// The caller has made sure that there are two nodes or more for each shard.
    public static func founding(nodes: [NodeAddress], shardCount: Int) -> Layout {
        var search = SeedSearch(nodes: nodes, shardCount: shardCount, startingSeed: 0)
        while true {
            if let found = search.advance(hashes: 100_000) {
                return Layout(epoch: 1, seed: found.seed, placement: found.placement, shards: found.shards)
            }
        }
    }
}
