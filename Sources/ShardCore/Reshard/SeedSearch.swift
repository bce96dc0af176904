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
    private let hashesMax: Int
    private var hashes = 0
    private var lanes: NodeLanes
    /// The seed in hand.
    private var seed: UInt64
    private var trial: SeedTrial

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
        self.hashesMax = hashesMax
        lanes = NodeLanes(self.nodes, shardCount: shardCount)
        seed = startingSeed
        trial = SeedTrial(nodeCount: nodes.count, shardCount: shardCount)
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
        hashes += 1
        switch trial.placeNext(under: seed, &lanes) {
        case .open: break
        case .lost:
            note(balanced: false)
            if hashes >= hashesMax {
                outcome = dealt()
            } else {
                seed &+= 1
                trial.begin()
            }
        case .balanced:
            note(balanced: true)
            outcome = Outcome(
                seed: seed, placement: .hashed, shards: trial.members.map { members in members.map { nodes[$0] } })
        }
    }

    private mutating func note(balanced: Bool) {
        seedsTried += 1
        seedTries.append(ReshardProgress.SeedTry(seed: seed, deal: trial.deal, balanced: balanced))
        if seedTries.count > ReshardProgress.seedTriesMax { seedTries.removeFirst() }
    }

    /// Sorts the nodes by their hash under the last seed tried and deals them round the shards in turn.
    private func dealt() -> Outcome {
        let ranked = nodes.map { (ShardHash.digest(of: $0.description, seed: seed), $0) }
            .sorted { $0.0 < $1.0 || $0.0 == $1.0 && $0.1 < $1.1 }
        var shards: [[NodeAddress]] = Array(repeating: [], count: trial.deal.count)
        for (position, node) in ranked.enumerated() { shards[position % shards.count].append(node.1) }
        return Outcome(seed: seed, placement: .dealt, shards: shards.map { $0.sorted() })
    }
}
