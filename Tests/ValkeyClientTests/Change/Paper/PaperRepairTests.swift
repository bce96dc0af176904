import ClusterModel
import PaperCluster
import Testing

@testable import ValkeyClient

/// In which order what is open is closed, and what is not known of it.
@Suite struct PaperRepairTests {
    private static func open(_ slot: Int, from source: Int, to target: Int, in paper: PaperChange) {
        paper.cluster.change { state in
            state.nodes[source].migrating[slot] = target
            state.nodes[target].importing[slot] = source
            state.record = []
        }
    }

    /// The nodes that were told that a slot is not open any more, in that order.
    private static func closings(_ slot: Int, _ paper: PaperChange) -> [Int] {
        paper.calls("CLUSTER", "SETSLOT", "\(slot)", "STABLE").map(\.node)
    }

    @Test func `a slot that is put back is closed at its target first, where a client may still be sent`() async throws
    {
        try await PaperChange.with(.redis7) { paper in
            Self.open(5, from: 0, to: 1, in: paper)
            try await paper.perform(.repair(.putBack))
            #expect(Self.closings(5, paper) == [1, 0] && paper.openSlots == 0)
        }
    }

    @Test func `a move that is given up closes its slots at the target first`() async throws {
        try await PaperChange.with(.redis7) { paper in
            let key = paper.put(keys: 1, inSlotsOf: 0, below: 300)[0]
            let full = "ERR Target instance replied with error: OOM command not allowed"
            paper.cluster.change { $0.record = [] }
            paper.cluster.inject(
                .error(full), on: "MIGRATE 127.0.0.1 \(paper.cluster.address(1).port)", at: 0, times: nil)
            #expect(await paper.failure(.move(slots: 0...299, from: 0, to: 1)) != nil)
            #expect(Self.closings(Int(HashSlot(key: key).number), paper) == [1, 0] && paper.openSlots == 0)
        }
    }

    @Test func `a node that does not say how many keys it has holds up the repair, and is named`() async throws {
        try await PaperChange.with(.redis7) { paper in
            Self.open(5, from: 0, to: 1, in: paper)
            paper.cluster.inject(.error("ERR out of order"), on: "CLUSTER COUNTKEYSINSLOT", at: 1, times: nil)
            let error = await paper.failure(.repair(.finish))
            #expect(
                error?.reason.contains("\(paper.cluster.address(1)) did not say how many keys") == true,
                "\(error as Any)")
            #expect(paper.openSlots == 2 && Self.closings(5, paper).isEmpty)
            paper.cluster.removeFaults()
            try await paper.perform(.repair(.finish))
            #expect(paper.openSlots == 0)
        }
    }
}
