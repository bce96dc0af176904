import ShardCore
import Testing

@testable import ShardSim

/// Layouts are judged from themselves alone.
@Suite struct EpochWatchTests {
    private let nodes = (1...5).map(SimulatedCluster.address)

    private func flaws(_ shards: [[NodeAddress]], seed: UInt64, _ placement: NodePlacement) -> [Property] {
        let layout = Layout(epoch: 1, seed: seed, placement: placement, shards: shards)
        var watch = EpochWatch()
        return watch.see(
            EpochRecord(layout: layout, baseline: VersionVector(), operation: nil), of: 0, at: nodes[0], start: 1,
            micros: 0
        ).map(\.0)
    }

    private func dealt(seed: UInt64) -> [[NodeAddress]] {
        let ranked = nodes.sorted {
            ShardHash.digest(of: $0.description, seed: seed) < ShardHash.digest(of: $1.description, seed: seed)
        }
        return [0, 1].map { shard in ranked.indices.filter { $0 % 2 == shard }.map { ranked[$0] } }
    }

    private func isBalanced(_ seed: UInt64) -> Bool {
        let first = nodes.count { ShardHash.shard(of: $0.description, seed: seed, count: 2) == 0 }
        return first >= 2 && nodes.count - first >= 2
    }

    @Test func nodesAreDealtInTheOrderOfTheirHashes() throws {
        let seed = try #require((0...1_000).first { !isBalanced($0) })
        var shards = dealt(seed: seed)
        #expect(flaws(shards, seed: seed, .dealt).isEmpty)
        (shards[0][0], shards[1][0]) = (shards[1][0], shards[0][0])
        #expect(flaws(shards, seed: seed, .dealt) == [.layoutIsValid])
    }

    @Test func nothingIsDealtWhereTheSeedBalances() throws {
        let seed = try #require((0...1_000).first { isBalanced($0) })
        #expect(flaws(dealt(seed: seed), seed: seed, .dealt) == [.layoutIsValid])
    }
}
