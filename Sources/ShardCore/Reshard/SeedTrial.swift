/// One seed of a search: the nodes are put into their shards one after the other, for as long as it can succeed.
struct SeedTrial: Sendable {
    enum Finding: Sendable { case open, lost, balanced }

    private var placed = 0
    /// Found for the next few nodes at a time.
    private var shardOfNode: [Int]
    /// The number of nodes placed in each shard.
    private(set) var deal: [Int]
    /// Members still wanted, over all shards, to bring each to the minimum.
    private var missing: Int

    init(nodeCount: Int, shardCount: Int) {
        shardOfNode = Array(repeating: 0, count: nodeCount)
        deal = Array(repeating: 0, count: shardCount)
        missing = shardCount * SeedSearch.membersMin
    }

    /// Another seed begins.
    mutating func begin() {
        placed = 0
        missing = deal.count * SeedSearch.membersMin
        for shard in deal.indices { deal[shard] = 0 }
    }

    mutating func placeNext(under seed: UInt64, _ lanes: inout NodeLanes) -> Finding {
        assert(placed < shardOfNode.count, "all nodes are placed under seed \(seed)")
        if placed % NodeLanes.lanes == 0 { lanes.place(from: placed, seed: seed, into: &shardOfNode) }
        let shard = shardOfNode[placed]
        deal[shard] += 1
        if deal[shard] <= SeedSearch.membersMin { missing -= 1 }
        placed += 1
        // As soon as fewer nodes are left than places to fill, the seed cannot succeed any more.
        if missing > shardOfNode.count - placed { return .lost }
        return placed == shardOfNode.count ? .balanced : .open
    }

    /// The members of each shard, as numbers of nodes in their order; of a seed that is balanced.
    var members: [[Int]] {
        deal.indices.map { shard in shardOfNode.indices.filter { shardOfNode[$0] == shard } }
    }
}
