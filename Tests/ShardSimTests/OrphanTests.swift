import Testing

@testable import ShardCore
@testable import ShardSim

/// Writes of a node that is gone with its memory, of which a member got a later one and nobody the one before.
@Suite struct OrphanTests {
    @Test func aWriteThatOneMemberGotAheadOfOthersThatAreLostReachesAll() throws {
        let cluster = SimulatedCluster(seed: 8)
        cluster.found(count: 3, shardCount: 1)
        #expect(settle(cluster))
        let nodes = cluster.running
        let (writer, receiver) = (nodes[0], nodes[1])
        cluster.onSend = { envelope, _ in
            if case .replicate = envelope.message { false } else { true }
        }
        _ = try put(cluster, "lost", 1, at: writer)
        _ = try put(cluster, "kept", 2, at: writer)
        let replica = try #require(cluster.replica(of: writer))
        let later = Replication(
            origin: replica.ownOrigin, after: 1, upTo: 2, requires: VersionVector(),
            records: replica.storedRecords.filter { $0.key == "kept" })
        cluster.feed(
            .message(
                Envelope(
                    from: writer, incarnation: replica.configuration.incarnation, epoch: 1, timestamp: 0,
                    message: .replicate(later))),
            to: receiver)
        cluster.crash(writer)
        cluster.onSend = nil
        cluster.start(writer, view: nodes, shardCount: 1)
        #expect(
            cluster.run(untilMilliseconds: 15_000) {
                nodes.allSatisfy { cluster.replica(of: $0)?.store["kept"]?.value != nil }
            })
        #expect(settle(cluster))
        for node in nodes { #expect(values(cluster, ["lost", "kept"], at: node) == ["kept": 2]) }
    }
}
