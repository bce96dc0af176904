import BasicNodes
import ShardCore
import ShardWire
import Testing

@testable import ShardClient

/// What became of a reshard whose coordinator fell silent.
@Suite struct LostReshardTests {
    private static let coordinator = NodeAddress("10.0.0.1:8081")!
    private static let other = NodeAddress("10.0.0.2:8081")!

    private func snapshot(epoch: UInt64, shardCount: Int, _ reshard: ReshardProgress? = nil) -> ClusterSnapshot {
        let status = ReplicaStatus(
            address: Self.other, incarnation: 1, state: .serving, shard: 0, epoch: epoch, seed: 0, placement: .hashed,
            shards: Array(repeating: [Self.other], count: shardCount), peers: [], keys: 0, tombstones: 0, bytes: 0,
            heldWrites: 0, waitingRequests: 0, handOnEntries: 0)
        let state = NodeState(
            version: "1", replica: status, traffic: Traffic(),
            process: ProcessState(id: 1, uptimeMilliseconds: 1, residentBytes: 1, cpuMicroseconds: 1, cpuShare: 0),
            reshard: reshard, lastEvent: 0)
        let node = ClusterSnapshot.Node(
            address: Self.other, answer: .full(state), isReachable: true, problem: nil, answeredMilliseconds: 1,
            pollMicroseconds: 1)
        return ClusterSnapshot(takenMilliseconds: 1, nodes: [node], reshard: reshard)
    }

    private func progress(
        _ operation: String, by node: NodeAddress = coordinator, to shardCount: Int = 3, _ phase: ReshardProgress.Phase
    ) -> ReshardProgress {
        ReshardProgress(
            operation: operation, kind: .reshard, coordinator: node, fromEpoch: 5, toEpoch: 6,
            fromShardCount: 2, toShardCount: shardCount, phase: phase, startedMilliseconds: 1)
    }

    private func verdict(_ after: ClusterSnapshot) -> LostReshard.Verdict {
        let before = snapshot(epoch: 5, shardCount: 2, progress("earlier", .aborted))
        return LostReshard(coordinator: Self.coordinator, shardCount: 3, before: before).verdict(after)
    }

    @Test func `it is done where the layout asked for is in force`() {
        #expect(verdict(snapshot(epoch: 6, shardCount: 3)) == .done)
        #expect(verdict(snapshot(epoch: 5, shardCount: 3)) == .unknown, "that layout was there before")
    }

    @Test func `the end of an earlier one says nothing of it`() {
        #expect(verdict(snapshot(epoch: 5, shardCount: 2, progress("earlier", .aborted))) == .unknown)
        #expect(verdict(snapshot(epoch: 5, shardCount: 2)) == .unknown)
    }

    @Test func `it goes on while a node takes part, and until all have its layout`() {
        #expect(verdict(snapshot(epoch: 5, shardCount: 2, progress("this", .collate))) == .open)
        #expect(verdict(snapshot(epoch: 5, shardCount: 2, progress("this", .done))) == .open)
    }

    @Test func `it ended where it was given up, or another came first`() {
        #expect(
            verdict(snapshot(epoch: 5, shardCount: 2, progress("this", .aborted)))
                == .ended("aborted: its coordinator died"))
        #expect(
            verdict(snapshot(epoch: 6, shardCount: 4, progress("that", by: Self.other, to: 4, .done)))
                == .ended("superseded: another change, to 4 shards, was carried out"))
        #expect(verdict(snapshot(epoch: 5, shardCount: 2, progress("that", by: Self.other, .failed))) == .unknown)
    }

    @Test func `one that no other node has heard of is not waited for`() async throws {
        let scripts = [Script(), Script()]
        var nodes: [BasicNode] = []
        for script in scripts { nodes.append(try await script.start()) }
        let addresses = nodes.map(\.nodeAddress)
        for script in scripts { script.change { $0.peers = addresses } }
        nodes[0].behave(.breakingOn(path: "/shard/reshard"))
        nodes[1].behave(.breakingOn(path: "/shard/reshard"))
        try await NodeTransport.with { transport in
            var configuration = PollingSource.Configuration()
            configuration.lostReshardMilliseconds = 100
            let source = PollingSource(seeds: addresses, transport: transport, configuration: configuration)
            let error = await #expect(throws: ClientError.self) { try await source.reshard(shardCount: 3) }
            guard case .outcomeUnknown(_, let reason)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("before another node took part"))
        }
        for node in nodes { await node.die() }
    }
}
