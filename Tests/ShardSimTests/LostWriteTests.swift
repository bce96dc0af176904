import Testing

@testable import ShardCore
@testable import ShardSim

/// When may a node say that what a context names was lost, and answer without it?
@Suite struct LostWriteTests {
    /// Four nodes in two shards. One takes a write that no other gets, and coordinates a reshard that carries it.
    private struct Setting {
        let cluster: SimulatedCluster
        let nodes: [NodeAddress]
        let coordinator: NodeAddress
        /// The other member of its shard, cut off from it.
        let partner: NodeAddress
        let key: String
        let context: CausalContext
        let request: UInt64
    }

    private func setting(seed: UInt64) throws -> Setting {
        let cluster = founded(seed: seed, count: 5, shardCount: 2)
        let nodes = cluster.running
        let layout = try #require(cluster.replica(of: nodes[0])).layout
        let pair = try #require(layout.shards.first { $0.count == 2 })
        let (coordinator, partner) = (pair[0], pair[1])
        let shard = layout.shard(of: coordinator)
        let key = try #require((0..<100).map { "own\($0)" }.first { layout.shard(ofKey: $0) == shard })
        cluster.network.partition([coordinator], from: [partner])
        let context = try put(cluster, key, 7, at: coordinator)
        let request = try #require(cluster.submit(.reshard(shardCount: 1, force: false), to: coordinator))
        return Setting(
            cluster: cluster, nodes: nodes, coordinator: coordinator, partner: partner, key: key, context: context,
            request: request)
    }

    @Test func whatADeadCoordinatorHadDecidedIsNotTakenForLostByWhoHasNotHeardOfIt() throws {
        let setting = try setting(seed: 11)
        let cluster = setting.cluster
        // It decides with the votes of the other three, and dies before it tells anybody.
        cluster.onSend = { envelope, _ in
            if case .commit = envelope.message { false } else { true }
        }
        #expect(
            cluster.run(untilMilliseconds: 15_000) {
                cluster.replica(of: setting.coordinator)?.layout.epoch ?? 0 > 1
            })
        cluster.crash(setting.coordinator)
        cluster.network.heal()
        // Nobody finishes its round for now.
        cluster.onSend = { envelope, _ in
            switch envelope.message {
            case .prepare, .recover, .close, .commit, .accept: false
            default: true
            }
        }
        cluster.start(setting.coordinator, view: setting.nodes, shardCount: 2)
        #expect(cluster.run(untilMilliseconds: 15_000) { cluster.status(of: setting.coordinator)?.state == .serving })
        let early = cluster.ask(.get(key: setting.key, context: setting.context), at: setting.partner)
        if case .noSuchKey? = early { Issue.record("answered without a write that the others' votes decided") }
        cluster.onSend = nil
        #expect(
            cluster.run(untilMilliseconds: 40_000) {
                setting.nodes.allSatisfy { cluster.replica(of: $0)?.layout.epoch ?? 0 > 1 }
            })
        #expect(settle(cluster))
        for node in setting.nodes { #expect(values(cluster, [setting.key], at: node) == [setting.key: 7]) }
    }

    @Test func whatDiedWithItsNodeIsTakenForLostOnceEverybodyIsQuiet() throws {
        let cluster = founded(seed: 12, count: 5, shardCount: 2)
        let nodes = cluster.running
        cluster.network.partition([nodes[0]], from: Array(nodes.dropFirst()))
        let replica = try #require(cluster.replica(of: nodes[0]))
        let key = try #require((0..<100).map { "own\($0)" }.first { replica.layout.shard(ofKey: $0) == replica.shard })
        let context = try put(cluster, key, 1, at: nodes[0])
        cluster.crash(nodes[0])
        cluster.network.heal()
        cluster.start(nodes[0], view: nodes, shardCount: 2)
        #expect(settle(cluster))
        for node in nodes {
            let reply = cluster.ask(.get(key: key, context: context), at: node)
            guard case .noSuchKey? = reply else {
                Issue.record("\(node): \(String(describing: reply))")
                continue
            }
        }
    }

    /// Its writer was told nothing. Whoever had read it would miss it all the same.
    @Test func nobodyIsToldOfAWriteThatTooFewHold() throws {
        let cluster = founded(seed: 14, count: 5, shardCount: 2) { $0.writeAcks = 2 }
        let nodes = cluster.running
        let layout = try #require(cluster.replica(of: nodes[0])).layout
        let pair = try #require(layout.shards.first { $0.count == 2 })
        let (holder, partner) = (pair[0], pair[1])
        let key = try #require(
            (0..<100).map { "own\($0)" }.first { layout.shard(ofKey: $0) == layout.shard(of: holder) })
        cluster.network.partition([holder], from: [partner])
        let write = try #require(cluster.submit(.put(key: key, value: [0x31], context: .empty), to: holder))
        #expect(cluster.ask(.get(key: key, context: .empty), at: holder) == .refused(.unconfirmed(needed: 2)))
        #expect(cluster.replies[write] == .refused(.tooFewAcks(needed: 2)))
        cluster.network.heal()
        for node in pair {
            guard case .found? = cluster.ask(.get(key: key, context: .empty), at: node) else {
                Issue.record("\(node) does not tell what both hold")
                continue
            }
        }
    }

    /// An operator who removes a node says that it will not come back with anything.
    @Test func whatDiedWithANodeThatWasRemovedIsTakenForLost() throws {
        let cluster = founded(seed: 13, count: 6, shardCount: 2)
        let nodes = cluster.running
        let replica = try #require(cluster.replica(of: nodes[0]))
        let key = try #require((0..<100).map { "own\($0)" }.first { replica.layout.shard(ofKey: $0) == replica.shard })
        cluster.network.partition([nodes[0]], from: Array(nodes.dropFirst()))
        let context = try put(cluster, key, 1, at: nodes[0])
        cluster.crash(nodes[0])
        #expect(awaitDown(nodes[0], seenBy: nodes[1], cluster))
        guard case .removedFromView? = cluster.ask(.removeFromView(nodes[0]), at: nodes[1]) else {
            Issue.record("not removed")
            return
        }
        #expect(settle(cluster))
        for node in nodes.dropFirst() {
            let reply = cluster.ask(.get(key: key, context: context), at: node)
            guard case .noSuchKey? = reply else {
                Issue.record("\(node): \(String(describing: reply))")
                continue
            }
        }
    }
}
