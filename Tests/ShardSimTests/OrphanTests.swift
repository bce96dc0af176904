import Testing

@testable import ShardCore
@testable import ShardSim

/// Writes of a node that is gone with its memory, of which a member got a later one and nobody the one before.
@Suite struct OrphanTests {
    @Test func aWriteThatOneMemberGotAheadOfOthersThatAreLostReachesAll() throws {
        let cluster = founded(seed: 8, count: 3, shardCount: 1)
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
                    from: writer, cluster: replica.cluster, incarnation: replica.configuration.incarnation, epoch: 1,
                    timestamp: 0,
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

    /// It had handed on what it wrote while it was cut off, and died before it told the others so.
    @Test func aHandOnThatItsNodeCouldNotAnnounceIsAnnouncedByWhoHoldsIt() throws {
        let cluster = founded(seed: 14, count: 5, shardCount: 1)
        let nodes = cluster.running
        let (lonely, others) = (nodes[0], Array(nodes.dropFirst()))
        cluster.network.partition([lonely], from: others)
        let context = try put(cluster, "late", 1, at: lonely)
        #expect(awaitDown(lonely, seenBy: others[0], cluster))
        try reshard(cluster, to: 2, at: others[0])
        cluster.onSend = { envelope, _ in
            if case .baselineExtended = envelope.message { envelope.from != lonely } else { true }
        }
        cluster.network.heal()
        #expect(
            cluster.run(untilMilliseconds: 15_000) {
                cluster.replica(of: lonely)?.layout.epoch == 2
                    && cluster.replica(of: lonely)?.late.handOns.isEmpty == true
            })
        cluster.crash(lonely)
        cluster.onSend = nil
        cluster.start(lonely, view: nodes, shardCount: nil)
        let dot = try #require(context.vector.elements.last)
        #expect(
            cluster.run(untilMilliseconds: 15_000) {
                nodes.allSatisfy { cluster.replica(of: $0)?.record.baseline[dot.origin] ?? 0 >= dot.counter }
            }, "nobody says that it is with its owners")
        for node in nodes { #expect(values(cluster, ["late"], at: node) == ["late": 1]) }
    }
}
