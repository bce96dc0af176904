import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct ChangeLinesTests {
    private let one = NodeAddress("127.0.0.1:8081")!
    private let two = NodeAddress("127.0.0.1:8082")!

    private func snapshot(
        keys: Int = 10, epoch: UInt64 = 1, down: NodeAddress? = nil, reshard: ReshardProgress? = nil
    ) -> Cluster {
        let nodes = [one, two].map { address -> ClusterSnapshot.Node in
            let replica = ReplicaStatus(
                address: address, incarnation: 1, state: .serving, shard: 0, epoch: epoch, seed: 8, placement: .hashed,
                shards: [[one, two]], peers: [], keys: keys, tombstones: 0, bytes: 1, heldWrites: 0,
                waitingRequests: 0, handOnEntries: 0)
            let state = NodeState(
                version: "0.1.0", replica: replica, traffic: Traffic(),
                process: ProcessState(
                    id: 1, uptimeMilliseconds: 1, residentBytes: 1, cpuMicroseconds: 1, cpuShare: 0), reshard: nil,
                lastEvent: 0)
            let isUp = address != down
            return ClusterSnapshot.Node(
                address: address, answer: .full(state), isReachable: isUp,
                problem: isUp ? nil : "connection refused")
        }
        return Cluster(ClusterSnapshot(takenMilliseconds: 1, nodes: nodes, reshard: reshard))
    }

    private func event(_ text: String, at milliseconds: UInt64, by node: NodeAddress) -> ClusterModel.Event {
        ClusterModel.Event(milliseconds: milliseconds, kind: .nodeDown, text: text, recordedBy: MemberID(node))
    }

    @Test func `the first poll tells everything once, and nothing is repeated`() {
        var changes = ChangeLines()
        #expect(
            changes.lines(for: snapshot(), events: [event("long ago", at: 1, by: one)]) == [
                "node 127.0.0.1:8081: serving, shard 0, epoch 1", "node 127.0.0.1:8082: serving, shard 0, epoch 1",
                "2 of 2 nodes up, 1 shard, 10 keys, epoch 1, seed 8",
            ])
        #expect(changes.lines(for: snapshot(), events: []) == [])
    }

    @Test func `a node that goes down and comes back is told with the cluster's new state`() {
        var changes = ChangeLines()
        _ = changes.lines(for: snapshot(), events: [])
        #expect(
            changes.lines(for: snapshot(down: two), events: []) == [
                "node 127.0.0.1:8082: down: connection refused", "1 of 2 nodes up, 1 shard, 10 keys, epoch 1, seed 8",
            ])
        #expect(changes.lines(for: snapshot(down: two), events: []) == [])
        #expect(changes.lines(for: snapshot(), events: []).count == 2)
    }

    @Test func `silence is no empty cluster`() {
        var changes = ChangeLines()
        let nobody = Cluster(
            ClusterSnapshot(takenMilliseconds: 1, nodes: [.init(address: one, problem: "connection refused")]))
        #expect(
            changes.lines(for: nobody, events: []) == [
                "node 127.0.0.1:8081: down: connection refused", "nobody answers; 1 node known",
            ])
    }

    @Test func `counts are told when they have come to rest, or now and then`() {
        var changes = ChangeLines()
        _ = changes.lines(for: snapshot(), events: [])
        #expect(changes.lines(for: snapshot(keys: 20), events: []) == [])
        #expect(changes.lines(for: snapshot(keys: 30), events: []) == [])
        let rest = changes.lines(for: snapshot(keys: 30), events: [])
        #expect(rest == ["2 of 2 nodes up, 1 shard, 30 keys, epoch 1, seed 8"])
        let restless = (1...40).flatMap { changes.lines(for: snapshot(keys: 30 + $0), events: []) }
        #expect(restless.count == 2)
    }

    @Test func `what two nodes say alike stands once`() {
        var changes = ChangeLines()
        _ = changes.lines(for: snapshot(), events: [])
        let lines = changes.lines(
            for: snapshot(),
            events: [
                event("it is down", at: 10_000, by: one), event("it is down", at: 10_010, by: two),
                event("it is down", at: 20_000, by: one),
            ])
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasSuffix("  it is down") })
    }

    @Test func `a reshard is told with its phases as they end`() {
        var progress = ReshardProgress(
            operation: "2.1@a", kind: .reshard, coordinator: one, fromEpoch: 1, toEpoch: 2, fromShardCount: 2,
            toShardCount: 1, phase: .collate, startedMilliseconds: 1_000)
        progress.timings = [.init(phase: .check, startMicroseconds: 0, durationMicroseconds: 500)]
        var changes = ChangeLines()
        _ = changes.lines(for: snapshot(), events: [])
        #expect(
            changes.lines(for: snapshot(reshard: progress), events: []).first == "reshard 2 to 1 shard")
        #expect(changes.lines(for: snapshot(reshard: progress), events: []) == [])
        progress.phase = .done
        progress.finishedMilliseconds = 1_500
        #expect(changes.lines(for: snapshot(reshard: progress), events: []) == ["  2 to 1 shard in 500 ms"])
        var late = ChangeLines()
        #expect(late.lines(for: snapshot(reshard: progress), events: []).count == 3, "it was over before")
        #expect(late.lines(for: snapshot(reshard: progress), events: []) == [])
    }
}
