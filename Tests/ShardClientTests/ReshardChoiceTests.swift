import ShardCore
import Testing

@testable import ShardClient

/// Which change is shown of those that nodes tell of.
@Suite struct ReshardChoiceTests {
    private func told(
        _ operation: String, _ phase: ReshardProgress.Phase, from: UInt64, to: UInt64? = nil, at started: UInt64 = 1
    ) -> (node: NodeAddress, progress: ReshardProgress) {
        let node = NodeAddress("10.0.0.\(operation.utf8.count):8081")!
        return (
            node,
            ReshardProgress(
                operation: operation, kind: .reshard, coordinator: node, fromEpoch: from, toEpoch: to ?? from + 1,
                fromShardCount: 2, toShardCount: 3, phase: phase, startedMilliseconds: started)
        )
    }

    private func shown(_ told: [(node: NodeAddress, progress: ReshardProgress)]) -> String? {
        let forwards = ReshardChoice.furthest(told)?.operation
        #expect(ReshardChoice.furthest(told.reversed())?.operation == forwards, "whatever the order")
        return forwards
    }

    /// The number that a forced layout would have had is above all others.
    private let forced: UInt64 = 1 << 45 | 4

    @Test func `one that failed gives way to any that begins or ends after it`() {
        for phase in [ReshardProgress.Phase.failed, .aborted] {
            for to in [4, forced] {
                let over = told("old", phase, from: 3, to: to, at: 9)
                // The clock of the node that leads the later one may be behind.
                #expect(shown([over, told("later", .check, from: 3, at: 2)]) == "later")
                #expect(shown([over, told("later", .done, from: 3, at: 2)]) == "later")
                #expect(shown([over, told("later", .broadcast, from: 4, at: 2)]) == "later")
            }
        }
        #expect(shown([told("old", .failed, from: 3, at: 1), told("later", .failed, from: 3, at: 2)]) == "later")
    }

    @Test func `one that failed is shown after those that came before it`() {
        #expect(shown([told("failed", .failed, from: 4), told("before", .done, from: 3)]) == "failed")
        #expect(shown([told("failed", .failed, from: 4), told("stale", .freeze, from: 3)]) == "failed")
    }

    @Test func `one that is known to be over is over, and a forced one ranks above`() {
        #expect(shown([told("done", .done, from: 4), told("stale", .freeze, from: 3)]) == "done")
        #expect(shown([told("forced", .done, from: 3, to: forced), told("done", .done, from: 4)]) == "forced")
    }
}
