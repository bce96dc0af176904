import Testing

@testable import ShardCore
@testable import ShardSim

/// A shard none of whose members is whole any more.
@Suite struct ShardRescueTests {
    private let keys = (0..<60).map { "k\($0)" }
    private let nodes = (1...4).map(SimulatedCluster.address)

    /// Four nodes in two shards of a reshard's layout, with all keys.
    private func setting(seed: UInt64, durability: Durability = .memory) throws -> SimulatedCluster {
        let cluster = SimulatedCluster(seed: seed)
        for node in nodes { start(cluster, node, durability) }
        #expect(settle(cluster))
        for (number, key) in keys.enumerated() { _ = try put(cluster, key, number, at: nodes[number % 4]) }
        for count in [1, 2] {
            try reshard(cluster, to: count, at: nodes[0])
        }
        #expect(settle(cluster))
        return cluster
    }

    private func start(_ cluster: SimulatedCluster, _ node: NodeAddress, _ durability: Durability = .memory) {
        cluster.start(node, view: nodes, shardCount: 2, durability: durability) { $0.batchBytesMax = 300 }
    }

    private func layout(_ cluster: SimulatedCluster) throws -> Layout {
        try #require(cluster.replica(of: nodes[0])).layout
    }

    @Test func itServesAgainOnceAllItsMembersAreBack() throws {
        let cluster = try setting(seed: 21)
        let layout = try layout(cluster)
        let members = layout.shards[1]
        for member in members { cluster.crash(member) }
        start(cluster, members[0])
        cluster.run(milliseconds: 8_000)
        #expect(cluster.replica(of: members[0])?.servingState == .catchingUp, "the other may have the data")
        start(cluster, members[1])
        #expect(settle(cluster))
        let key = try #require(keys.first { layout.shard(ofKey: $0) == 1 })
        _ = try put(cluster, key, 99, at: layout.shards[0][0])
        cluster.run(milliseconds: 1_000)
        let others = keys.filter { layout.shard(ofKey: $0) == 0 }
        for node in nodes { #expect(Set(values(cluster, keys, at: node).keys) == Set(others + [key])) }
    }

    @Test(arguments: [Durability.memory, .sync])
    func whatOneMemberHadFetchedByThenIsKept(durability: Durability) throws {
        let cluster = try setting(seed: 22, durability: durability)
        let layout = try layout(cluster)
        let (source, asker) = (layout.shards[1][0], layout.shards[1][1])
        cluster.crash(asker)
        cluster.loseDisk(of: asker)
        cluster.onSend = { envelope, _ in
            // The last page never comes.
            if case .fetched(let page) = envelope.message { page.next != nil } else { true }
        }
        start(cluster, asker, durability)
        #expect(
            cluster.run(untilMilliseconds: 10_000) { cluster.replica(of: asker)?.storedRecords.count ?? 0 >= 5 })
        if durability == .sync {
            #expect(cluster.run(untilMilliseconds: 1_000) { cluster.diskImage(of: asker)?.entries.count ?? 0 >= 5 })
            cluster.crash(asker)
        }
        cluster.crash(source)
        cluster.loseDisk(of: source)
        cluster.onSend = nil
        let held =
            durability == .sync
            ? cluster.diskImage(of: asker)?.entries.count : cluster.replica(of: asker)?.storedRecords.count
        start(cluster, source, durability)
        if durability == .sync { start(cluster, asker, durability) }
        #expect(settle(cluster))
        for node in nodes {
            let left = values(cluster, keys, at: node).keys.filter { layout.shard(ofKey: $0) == 1 }
            #expect(left.count == held, "\(node)")
        }
    }
}
