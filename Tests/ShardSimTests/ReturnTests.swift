import Testing

@testable import ShardCore
@testable import ShardSim

/// A member that was cut off throughout a reshard comes back with a write that only it holds.
@Suite struct ReturnTests {
    private struct Setting {
        let cluster: SimulatedCluster
        let lonely: NodeAddress
        let others: [NodeAddress]
        let key: String
        /// The request that wrote it.
        let request: UInt64
    }

    /// Cuts a node off, lets it take a write, and reshards what is left to two shards.
    private func setting(seed: UInt64, writeAcks: Int) throws -> Setting {
        let cluster = founded(seed: seed, count: 7, shardCount: 2) { $0.writeAcks = writeAcks }
        for number in 0..<40 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % 7]) }
        #expect(settle(cluster))
        let lonely = cluster.running[6]
        let others = cluster.running.filter { $0 != lonely }
        let replica = try #require(cluster.replica(of: lonely))
        let key = try #require((0..<100).map { "own\($0)" }.first { replica.layout.shard(ofKey: $0) == replica.shard })
        cluster.network.partition([lonely], from: others)
        let request = try #require(
            cluster.submit(.put(key: key, value: Array("1".utf8), context: .empty), to: lonely))
        #expect(awaitDown(lonely, seenBy: others[0], cluster))
        try reshard(cluster, to: 2, at: others[0])
        return Setting(cluster: cluster, lonely: lonely, others: others, key: key, request: request)
    }

    private func holders(_ setting: Setting) -> [NodeAddress] {
        setting.cluster.running.filter { setting.cluster.replica(of: $0)?.store[setting.key]?.value != nil }
    }

    @Test func aWriteThatWaitsForAnotherMemberIsNotAnsweredByTheSwitchAlone() throws {
        let setting = try setting(seed: 1, writeAcks: 2)
        #expect(setting.cluster.takeReply(setting.request) == nil, "nobody has confirmed it")
        setting.cluster.network.heal()
        var reply: Reply?
        var holdersThen: [NodeAddress] = []
        #expect(
            setting.cluster.run(untilMilliseconds: 20_000) {
                reply = setting.cluster.takeReply(setting.request)
                holdersThen = holders(setting)
                return reply != nil
            })
        if case .created? = reply {
            #expect(holdersThen.contains { setting.others.contains($0) }, "somebody else holds what was answered")
        }
    }

    @Test func aHandOnThatReachedOneMemberReachesAllThoughItsSenderDies() throws {
        let setting = try setting(seed: 2, writeAcks: 1)
        let cluster = setting.cluster
        let layout = try #require(cluster.replica(of: setting.others[0])).layout
        let owners = layout.shards[layout.shard(ofKey: setting.key)]
        let reached = owners[0]
        cluster.network.heal()
        cluster.network.partition([setting.lonely], from: setting.others.filter { $0 != reached })
        #expect(cluster.run(untilMilliseconds: 10_000) { holders(setting).contains(reached) })
        cluster.crash(setting.lonely)
        cluster.network.heal()
        cluster.start(setting.lonely, view: setting.others + [setting.lonely], shardCount: nil)
        #expect(cluster.run(untilMilliseconds: 20_000) { Set(holders(setting)).isSuperset(of: owners) })
        #expect(settle(cluster))
    }

    @Test func foundersThatAllDiedBeforeTheyServedServeWhenTheyAreStartedAgain() {
        let cluster = SimulatedCluster(seed: 3)
        let nodes = (1...4).map(SimulatedCluster.address)
        func start() {
            for node in nodes { cluster.start(node, view: nodes, shardCount: 2, durability: .sync) }
        }
        cluster.diskMicroseconds = 3_000...3_000
        start()
        #expect(
            cluster.run(untilMilliseconds: 1_000) {
                nodes.allSatisfy { cluster.diskImage(of: $0)?.state?.isWhole == false }
            })
        for node in nodes { cluster.crash(node) }
        start()
        #expect(settle(cluster))
    }

    @Test(arguments: [Durability.sync, .batched])
    func aClusterThatWasStoppedGracefullyServesFromItsDisksWhenItIsStartedAgain(durability: Durability) throws {
        let cluster = SimulatedCluster(seed: 4)
        let nodes = (1...4).map(SimulatedCluster.address)
        for node in nodes { cluster.start(node, view: nodes, shardCount: 2, durability: durability) }
        #expect(settle(cluster))
        for number in 0..<20 { _ = try put(cluster, "k\(number)", number, at: nodes[number % 4]) }
        for node in nodes { cluster.feed(.drain, to: node) }
        #expect(cluster.run(untilMilliseconds: 10_000) { cluster.drained == Set(nodes) })
        for node in nodes {
            #expect(cluster.diskImage(of: node)?.state?.isWhole == true, "\(node) has nothing to fetch")
        }
        for node in nodes { cluster.crash(node) }
        for node in nodes { cluster.start(node, view: nodes, shardCount: 2, durability: durability) }
        #expect(settle(cluster), "each waits for the others' data")
        // Who left first may lack what the others took last, until they repair it.
        for node in nodes {
            #expect(
                cluster.run(untilMilliseconds: 5_000) {
                    values(cluster, (0..<20).map { "k\($0)" }, at: node).count == 20
                }, "\(node) does not have all")
        }
    }

    /// It still hands on an entry of long ago when it is placed again, and gets a later one.
    @Test func anEntryThatIsHandedOnDoesNotTakeALaterOnesPlaceOnTheDisk() throws {
        let cluster = SimulatedCluster(seed: 5)
        let nodes = (1...3).map(SimulatedCluster.address)
        for node in nodes { cluster.start(node, view: nodes, shardCount: 1, durability: .sync) }
        #expect(settle(cluster))
        let (lonely, others) = (nodes[2], Array(nodes.prefix(2)))
        cluster.network.partition([lonely], from: others)
        _ = try put(cluster, "k", 1, at: lonely)
        #expect(awaitDown(lonely, seenBy: others[0], cluster))
        try reshard(cluster, to: 1, at: others[0])
        _ = try put(cluster, "k", 2, at: others[0])
        cluster.onSend = { envelope, to in
            if case .handedOn = envelope.message { to != lonely } else { true }
        }
        cluster.network.heal()
        func value(_ entry: Entry?) -> String { String(decoding: entry?.value ?? [], as: UTF8.self) }
        #expect(
            cluster.run(untilMilliseconds: 10_000) {
                cluster.replica(of: lonely)?.layout.epoch == 2
                    && cluster.replica(of: others[0])?.view.contains(lonely) == true
            })
        try reshard(cluster, to: 1, at: others[0])
        #expect(cluster.run(untilMilliseconds: 10_000) { cluster.replica(of: lonely)?.layout.epoch == 3 })
        #expect(cluster.replica(of: lonely)?.late.handOns.isEmpty == false, "it still hands on what it wrote alone")
        cluster.run(milliseconds: 500)
        #expect(value(cluster.diskImage(of: lonely)?.entries["k"]) == "2")
    }
}
