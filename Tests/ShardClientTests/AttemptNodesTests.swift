import ClusterModel
import ShardCore
import Testing

@testable import ShardClient

/// Who each shard would get under a seed, as every node works it out.
@Suite struct AttemptNodesTests {
    private let nodes = (8_081...8_086).map { NodeAddress("127.0.0.1:\($0)")! }

    private func placed(_ seed: UInt64, _ deal: [Int], isBalanced: Bool = false) -> [[String]]? {
        var attempts = Change.Attempts(
            tried: 1, tries: [.init(seed: seed, deal: deal, isBalanced: isBalanced)], seed: nil)
        attempts.place(nodes, shardCount: 3)
        return attempts.tries[0].nodes?.map { $0.map { String($0.text.suffix(4)) } }
    }

    /// What six nodes told of seeds 7 and 8; the first was given up when three of them had been placed.
    @Test func nodesAreTheOnesThatTheSeedGives() throws {
        let balanced = try #require(placed(8, [2, 2, 2], isBalanced: true))
        #expect(balanced == [["8081", "8084"], ["8082", "8083"], ["8085", "8086"]])
        let refused = try #require(placed(7, [0, 3, 0]))
        #expect(refused.joined().count == 6 && refused[1].count >= 3)
    }

    /// Other nodes were placed than are known here.
    @Test func whatDoesNotAgreeWithWhatTheNodesTellIsNotSaid() {
        #expect(placed(8, [3, 2, 1], isBalanced: true) == nil)
        #expect(placed(8, [0, 3, 0]) == nil)
        #expect(placed(8, [2, 2]) == nil)
    }
}
