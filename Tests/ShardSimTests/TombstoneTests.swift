import Testing

@testable import ShardCore
@testable import ShardSim

/// What is deleted stays deleted, and is forgotten in the end.
@Suite struct TombstoneTests {
    private func delete(_ cluster: SimulatedCluster, _ key: String, at node: NodeAddress) {
        guard case .deleted? = cluster.ask(.delete(key: key, context: .empty), at: node) else {
            return #expect(Bool(false), "\(key) is not deleted at \(node)")
        }
    }

    private func tombstones(_ cluster: SimulatedCluster) -> Int {
        cluster.running.compactMap { cluster.status(of: $0)?.tombstones }.reduce(0, +)
    }

    private func forgets(_ cluster: SimulatedCluster) -> Bool {
        cluster.run(untilMilliseconds: 10_000) { tombstones(cluster) == 0 }
    }

    @Test func deletionsAreForgottenOnceEveryMemberKnowsOfThem() throws {
        let cluster = founded(seed: 1, count: 6, shardCount: 2)
        for number in 0..<20 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % 6]) }
        for number in 0..<20 { delete(cluster, "k\(number)", at: cluster.running[(number + 1) % 6]) }
        #expect(tombstones(cluster) > 0)
        #expect(forgets(cluster))
        #expect(cluster.running.allSatisfy { cluster.status(of: $0)?.tombstonesCollected ?? 0 > 0 })
    }

    @Test func deletionsAreKeptWhileAMemberIsDown() throws {
        let cluster = founded(seed: 2, count: 6, shardCount: 2)
        let nodes = cluster.running
        for number in 0..<20 { _ = try put(cluster, "k\(number)", number, at: nodes[number % 6]) }
        #expect(settle(cluster))
        cluster.pause(nodes[0])
        cluster.pause(nodes[5])
        cluster.run(milliseconds: 3_000)
        for number in 0..<20 { delete(cluster, "k\(number)", at: nodes[1 + number % 4]) }
        cluster.run(milliseconds: 5_000)
        #expect(tombstones(cluster) > 0)
        cluster.unpause(nodes[0])
        cluster.unpause(nodes[5])
        #expect(forgets(cluster))
        for node in nodes { #expect(values(cluster, (0..<20).map { "k\($0)" }, at: node).isEmpty) }
    }

    /// Else whoever finds the key gone would not be told of it, and could miss it in the other shard.
    @Test(arguments: [nil, PlantedBug.tombstonesGoBeforeTheirCauses])
    func deletionsAreKeptUntilEverybodyHasWhatTheyDependOn(plant: PlantedBug?) throws {
        let cluster = founded(seed: 7, count: 4, shardCount: 2) { $0.plantedBug = plant }
        let nodes = cluster.running
        let layout = try #require(cluster.replica(of: nodes[0])).layout
        func key(ofShard shard: Int) throws -> String {
            try #require((0..<100).map { "k\($0)" }.first { layout.shard(ofKey: $0) == shard })
        }
        let (cause, deleted) = (try key(ofShard: 0), try key(ofShard: 1))
        let (writer, reader) = (layout.shards[0][0], layout.shards[0][1])
        cluster.network.partition([writer], from: [reader])
        let context = try put(cluster, cause, 1, at: writer)
        _ = try put(cluster, deleted, 2, at: layout.shards[1][0])
        guard case .deleted? = cluster.ask(.delete(key: deleted, context: context), at: layout.shards[1][0]) else {
            Issue.record("not deleted")
            return
        }
        cluster.run(milliseconds: 5_000)
        var misled: [NodeAddress] = []
        for node in layout.shards[1] {
            guard case .noSuchKey(let told)? = cluster.ask(.get(key: deleted, context: .empty), at: node) else {
                Issue.record("\(node) does not say that it is deleted")
                continue
            }
            if case .noSuchKey? = cluster.ask(.get(key: cause, context: told), at: reader) { misled.append(node) }
        }
        // Told of a deletion, and then not of what it depends on.
        #expect(misled == (plant == nil ? [] : layout.shards[1]))
        cluster.network.heal()
        #expect(forgets(cluster))
    }

    @Test func deletionsThatMovedToAnotherShardAreForgottenThere() throws {
        let cluster = founded(seed: 4, count: 6, shardCount: 2)
        let nodes = cluster.running
        for number in 0..<60 { _ = try put(cluster, "k\(number)", number, at: nodes[number % 6]) }
        for number in 0..<60 { delete(cluster, "k\(number)", at: nodes[(number + 1) % 6]) }
        #expect(settle(cluster))
        try reshard(cluster, to: 3, at: nodes[0])
        #expect(tombstones(cluster) > 0)
        #expect(cluster.run(untilMilliseconds: 20_000) { tombstones(cluster) == 0 })
    }

    @Test func aNodeThatNeverCameKeepsNoDeletionFromBeingForgotten() throws {
        let cluster = founded(seed: 5, count: 4, shardCount: 2)
        let nodes = cluster.running
        let stranger = SimulatedCluster.address(9)
        #expect(cluster.ask(.addToView(stranger), at: nodes[0]) == .addedToView)
        let context = try put(cluster, "k", 1, at: nodes[0])
        let reply = cluster.ask(.delete(key: "k", context: context), at: nodes[1])
        guard case .deleted? = reply else {
            Issue.record("not deleted: \(String(describing: reply))")
            return
        }
        #expect(tombstones(cluster) > 0)
        #expect(forgets(cluster), "an operator may have mistaken its address")
        #expect(cluster.ask(.removeFromView(stranger), at: nodes[2]) == .removedFromView)
        #expect(cluster.ask(.removeFromView(stranger), at: nodes[2]) == .notInView)
    }

    /// Since it asked, it has written what only one of the others has.
    @Test func whoStartsOverKeepsWhatTheOneItAsksDoesNotHave() throws {
        let cluster = founded(seed: 6, count: 3, shardCount: 1)
        let nodes = cluster.running
        let (starter, teller, asked) = (nodes[0], nodes[1], nodes[2])
        // Behind the teller, so that it asks; its own writes reach the teller alone.
        cluster.onSend = { envelope, peer in
            switch envelope.message {
            case .replicate: !(envelope.from == teller && peer == starter || peer == asked)
            case .fetched: false
            default: true
            }
        }
        _ = try put(cluster, "theirs", 1, at: teller)
        #expect(cluster.run(untilMilliseconds: 5_000) { question(of: starter, in: cluster) != nil })
        let fetch = try #require(question(of: starter, in: cluster))
        _ = try put(cluster, "own", 2, at: starter)
        #expect(cluster.run(untilMilliseconds: 1_000) { holds(cluster, "own", at: teller) })
        let told = FetchPage(
            id: fetch.id, cursor: 0, records: [], next: nil,
            vector: try #require(cluster.replica(of: teller)).knowledge, mustStartOver: true)
        cluster.feed(
            .message(
                Envelope(
                    from: fetch.source, cluster: cluster.replica(of: starter)?.cluster,
                    incarnation: fetch.sourceIncarnation ?? 0, epoch: 1, timestamp: 0,
                    message: .fetched(told))),
            to: starter)
        #expect(cluster.status(of: starter)?.state == .catchingUp)
        cluster.network.partition([teller], from: [starter, asked])
        cluster.onSend = nil
        #expect(cluster.run(untilMilliseconds: 10_000) { cluster.status(of: starter)?.state == .serving })
        #expect(holds(cluster, "own", at: starter))
        cluster.network.heal()
        #expect(
            cluster.run(untilMilliseconds: 10_000) {
                nodes.allSatisfy { holds(cluster, "own", at: $0) && holds(cluster, "theirs", at: $0) }
            })
    }

    private func question(of node: NodeAddress, in cluster: SimulatedCluster) -> CatchUp? {
        cluster.replica(of: node)?.epochState.catchUp
    }

    private func holds(_ cluster: SimulatedCluster, _ key: String, at node: NodeAddress) -> Bool {
        cluster.replica(of: node)?.store[key]?.value != nil
    }

    /// Such as one put back from a backup: the node says it has not heard of a deletion that nobody remembers.
    @Test func aDiskFromBeforeAForgottenDeletionDoesNotBringTheKeyBack() throws {
        let cluster = SimulatedCluster(seed: 3)
        let nodes = (1...4).map(SimulatedCluster.address)
        for node in nodes { cluster.start(node, view: nodes, shardCount: 2, durability: .batched) }
        #expect(settle(cluster))
        let keys = (0..<20).map { "k\($0)" }
        for (number, key) in keys.enumerated() { _ = try put(cluster, key, number, at: nodes[number % 4]) }
        #expect(settle(cluster))
        cluster.run(milliseconds: 1_000)
        let copy = try #require(cluster.disk(of: nodes[0]))
        for key in keys { delete(cluster, key, at: nodes[1]) }
        #expect(forgets(cluster))
        cluster.crash(nodes[0])
        cluster.run(milliseconds: 3_000)
        cluster.put(copy, into: nodes[0])
        cluster.start(nodes[0], view: nodes, shardCount: 2, durability: .batched)
        cluster.run(milliseconds: 3_000)
        #expect(settle(cluster))
        for node in nodes { #expect(values(cluster, keys, at: node).isEmpty, "read through \(node)") }
    }
}
