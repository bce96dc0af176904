import Testing

@testable import ShardCore
@testable import ShardSim

/// A proposal that two of five voters accepted, before the others died with their memory: nobody can finish it.
@Suite struct LostVotesTests {
    /// What an operator is told who forces the layout then, and what a key holds afterwards that was written before.
    private func force(plantedBug: PlantedBug?) throws -> (Reply?, Int?) {
        let cluster = founded(seed: 31, count: 5, shardCount: 2) { $0.plantedBug = plantedBug }
        let layout = try #require(cluster.replica(of: cluster.running[0])).layout
        let acceptors = layout.shards.map { $0[0] }
        let others = layout.members.filter { !acceptors.contains($0) }
        #expect(others.count == 3)
        _ = try put(cluster, "key", 7, at: acceptors[0])
        #expect(settle(cluster))
        cluster.onSend = { envelope, node in
            if case .accept = envelope.message { acceptors.contains(node) } else { true }
        }
        let request = try #require(cluster.submit(.reshard(shardCount: 1, force: false), to: acceptors[0]))
        #expect(
            cluster.run(untilMilliseconds: 5_000) {
                acceptors.allSatisfy { cluster.replica(of: $0)?.acceptedRecord != nil }
            })
        for node in others { cluster.crash(node) }
        cluster.onSend = nil
        for node in others {
            cluster.start(node, view: layout.members, shardCount: 2) { $0.plantedBug = plantedBug }
        }
        #expect(cluster.run(untilMilliseconds: 60_000) { cluster.replies[request] != nil })
        // Until those who accepted have tried to finish it, more than once.
        cluster.run(milliseconds: 10_000)
        for node in acceptors { #expect(cluster.replica(of: node)?.isHoldingWrites == true) }
        let reply = cluster.ask(
            .reshard(shardCount: 2, force: true), at: others[0], withinMilliseconds: 20_000)
        #expect(settle(cluster))
        return (reply, values(cluster, ["key"], at: others[0])["key"])
    }

    @Test func anOperatorCanForceALayoutWhereNobodyCanFinishOne() throws {
        let (reply, value) = try force(plantedBug: nil)
        guard case .resharded? = reply else {
            Issue.record("it was answered \(String(describing: reply))")
            return
        }
        #expect(value == 7)
        guard case .refused(.changeRunning)? = try force(plantedBug: .recoveriesBind).0 else {
            Issue.record("the mistake does not show here")
            return
        }
    }
}
