/// The search for a seed under which every shard gets two nodes or more, in slices of any size.
///
/// The work is capped in hashes, not in time, so that every node decides alike; past the cap the nodes are dealt.
public struct SeedSearch: Sendable {
    /// The outcome of the search: the seed under which keys are hashed, and the members of each shard, sorted.
    public struct Outcome: Hashable, Sendable {
        public let seed: UInt64
        public let placement: NodePlacement
        public let shards: [[NodeAddress]]
    }

    /// Hashes after which the search gives up, at the end of the seed in hand.
    public static let hashesMax = 2_000_000
    /// Members that a shard needs at the least: one may fail.
    public static let membersMin = 2

    private let nodes: [NodeAddress]
    private let shardCount: Int
    private let hashesMax: Int
    private var hashes = 0
    private var lanes: NodeLanes

    // The seed in hand.
    private var seed: UInt64
    private var placed = 0
    /// Found for the next few nodes at a time.
    private var shardOfNode: [Int]
    private var deal: [Int]
    /// Members still wanted, over all shards, to bring each to the minimum.
    private var missing: Int

    /// Seeds that were decided on, the successful one included.
    public private(set) var seedsTried = 0
    /// The last seeds tried, the newest last.
    public private(set) var seedTries: [ReshardProgress.SeedTry] = []
    public private(set) var outcome: Outcome?

    /// `nodes` in any order; `shardCount` is 1 or more, with two nodes or more for each shard.
    public init(nodes: [NodeAddress], shardCount: Int, startingSeed: UInt64) {
        self.init(nodes: nodes, shardCount: shardCount, startingSeed: startingSeed, hashesMax: Self.hashesMax)
    }

    init(nodes: [NodeAddress], shardCount: Int, startingSeed: UInt64, hashesMax: Int) {
        precondition(
            shardCount >= 1 && nodes.count >= shardCount * Self.membersMin,
            "nodes: \(nodes.count), too few for shards: \(shardCount)")
        self.nodes = nodes.sorted()
        self.shardCount = shardCount
        self.hashesMax = hashesMax
        lanes = NodeLanes(self.nodes, shardCount: shardCount)
        seed = startingSeed
        shardOfNode = Array(repeating: 0, count: nodes.count)
        deal = Array(repeating: 0, count: shardCount)
        missing = shardCount * Self.membersMin
    }

    /// Goes on for about `budget` hashes. Returns the outcome once there is one, and then always.
    public mutating func advance(hashes budget: Int) -> Outcome? {
        var left = budget
        while outcome == nil, left > 0 {
            left -= 1
            placeNext()
        }
        return outcome
    }

    private mutating func placeNext() {
        if placed % NodeLanes.lanes == 0 { lanes.place(from: placed, seed: seed, into: &shardOfNode) }
        let shard = shardOfNode[placed]
        hashes += 1
        deal[shard] += 1
        if deal[shard] <= Self.membersMin { missing -= 1 }
        placed += 1
        // As soon as fewer nodes are left than places to fill, the seed cannot succeed any more.
        if missing > nodes.count - placed {
            note(balanced: false)
            if hashes >= hashesMax { outcome = dealt() } else { nextSeed() }
        } else if placed == nodes.count {
            note(balanced: true)
            outcome = Outcome(
                seed: seed, placement: .hashed,
                shards: (0..<shardCount).map { shard in
                    nodes.indices.filter { shardOfNode[$0] == shard }.map { nodes[$0] }
                })
        }
    }

    private mutating func note(balanced: Bool) {
        seedsTried += 1
        seedTries.append(ReshardProgress.SeedTry(seed: seed, deal: deal, balanced: balanced))
        if seedTries.count > ReshardProgress.seedTriesMax { seedTries.removeFirst() }
    }

    private mutating func nextSeed() {
        seed &+= 1
        placed = 0
        missing = shardCount * Self.membersMin
        for shard in deal.indices { deal[shard] = 0 }
    }

    /// Sorts the nodes by their hash under the last seed tried and deals them round the shards in turn.
    private func dealt() -> Outcome {
        let ranked = nodes.map { (ShardHash.digest(of: $0.description, seed: seed), $0) }
            .sorted { $0.0 < $1.0 || $0.0 == $1.0 && $0.1 < $1.1 }
        var shards: [[NodeAddress]] = Array(repeating: [], count: shardCount)
        for (position, node) in ranked.enumerated() { shards[position % shardCount].append(node.1) }
        return Outcome(seed: seed, placement: .dealt, shards: shards.map { $0.sorted() })
    }
}
