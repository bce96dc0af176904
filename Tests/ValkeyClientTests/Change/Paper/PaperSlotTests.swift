import ClusterModel
import PaperCluster
import Testing

@testable import ValkeyClient

/// Slots whose keys go one by one, and what hinders them.
@Suite struct PaperSlotTests {
    @Test func `a key that the target has too is replaced where it is the same, else named and left`() async throws {
        try await PaperChange.with(.redis7) { paper in
            let keys = paper.put(keys: 3, inSlotsOf: 0, below: 1_000)
            paper.cluster.change { state in
                for (key, value) in zip(keys, ["value", "another", "value"]) {
                    state.nodes[1].keys[HashSlot(key: key).number, default: [:]][key] = Array(value.utf8)
                }
            }
            paper.cluster.inject(
                .reply(.bulk(Array("0123456789same".utf8))), on: "DUMP \(keys[0].uppercased())", times: nil)
            paper.cluster.inject(
                .reply(.bulk(Array("0123456789here".utf8))), on: "DUMP \(keys[1].uppercased())", at: 0, times: nil)
            paper.cluster.inject(
                .reply(.bulk(Array("9876543210there".utf8))), on: "DUMP \(keys[1].uppercased())", at: 1, times: nil)
            paper.cluster.inject(
                .reply(.bulk(Array("0123456789same".utf8))), on: "DUMP \(keys[2].uppercased())", times: nil)
            let error = await paper.failure(.move(slots: 0...999, from: 0, to: 1))
            #expect(error?.kind == .failed && error?.reason.contains("different values of \"\(keys[1])\"") == true)
            let values = paper.cluster.change { state in keys.map { [state.value($0, at: 0), state.value($0, at: 1)] } }
            #expect(values == [[nil, "value"], ["value", "another"], [nil, "value"]])
            // The one that is wrong is deleted by hand, and what is open is repaired.
            let slot = HashSlot(key: keys[1]).number
            paper.cluster.change { $0.nodes[1].keys[slot] = nil }
            let refusal = await paper.failure(.rebalance(by: .slots))
            #expect(refusal?.kind == .refused && refusal?.reason.contains("slot \(slot) is open") == true)
            try await paper.perform(.repair(.finish))
            #expect(paper.openSlots == 0 && paper.slots(1).contains(HashSlot(unchecked: slot)))
            #expect(paper.cluster.change { $0.value(keys[1], at: 1) } == "value")
        }
    }

    @Test func `a target that loads is waited for`() async throws {
        try await PaperChange.with(.redis7) { paper in
            let keys = paper.put(keys: 2, inSlotsOf: 0, below: 300)
            let loading = "ERR Target instance replied with error: LOADING loading the dataset"
            paper.cluster.inject(
                .error(loading), on: "MIGRATE 127.0.0.1 \(paper.cluster.address(1).port)", at: 0, times: 3)
            try await paper.perform(.move(slots: 0...299, from: 0, to: 1))
            #expect(paper.cluster.change { state in keys.allSatisfy { state.value($0, at: 1) == "value" } })
        }
    }

    @Test func `what a full target does not take goes back, and the operator is told`() async throws {
        try await PaperChange.with(.redis7) { paper in
            let keys = paper.put(keys: 1, inSlotsOf: 0, below: 300)
            let full = "ERR Target instance replied with error: OOM command not allowed"
            paper.cluster.inject(
                .error(full), on: "MIGRATE 127.0.0.1 \(paper.cluster.address(1).port)", at: 0, times: nil)
            let error = await paper.failure(.move(slots: 0...299, from: 0, to: 1))
            #expect(error?.kind == .failed && error?.reason.contains("its memory is full") == true)
            #expect(error?.state.hasSuffix(" of 300 slots were moved and stay, nothing is open") == true)
            #expect(paper.openSlots == 0 && paper.cluster.change { $0.value(keys[0], at: 0) } == "value")
        }
    }

    @Test func `a key that does not get through with others is sent alone, with more time`() async throws {
        try await PaperChange.with(.redis7) { paper in
            let keys = paper.put(keys: 1, inSlotsOf: 0, below: 300)
            let silent = "IOERR error or timeout reading to target instance"
            paper.cluster.change { $0.record = [] }
            paper.cluster.inject(
                .error(silent), on: "MIGRATE 127.0.0.1 \(paper.cluster.address(1).port)", at: 0, times: 1)
            try await paper.perform(.move(slots: 0...299, from: 0, to: 1))
            #expect(paper.cluster.change { $0.value(keys[0], at: 1) } == "value")
            let timeouts = paper.calls("MIGRATE").filter { $0.words[3].isEmpty }.compactMap { Int($0.words[5]) }
            #expect(timeouts.count == 2 && timeouts[1] > timeouts[0])
        }
    }
}
