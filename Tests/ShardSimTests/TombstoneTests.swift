import ShardCore
import ShardSim
import Testing

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
        let cluster = SimulatedCluster(seed: 1)
        cluster.found(count: 6, shardCount: 2)
        #expect(settle(cluster))
        for number in 0..<20 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % 6]) }
        for number in 0..<20 { delete(cluster, "k\(number)", at: cluster.running[(number + 1) % 6]) }
        #expect(tombstones(cluster) > 0)
        #expect(forgets(cluster))
        #expect(cluster.running.allSatisfy { cluster.status(of: $0)?.tombstonesCollected ?? 0 > 0 })
    }

    @Test func deletionsAreKeptWhileAMemberIsDown() throws {
        let cluster = SimulatedCluster(seed: 2)
        cluster.found(count: 6, shardCount: 2)
        #expect(settle(cluster))
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

    @Test func deletionsThatMovedToAnotherShardAreForgottenThere() throws {
        let cluster = SimulatedCluster(seed: 4)
        cluster.found(count: 6, shardCount: 2)
        #expect(settle(cluster))
        let nodes = cluster.running
        for number in 0..<60 { _ = try put(cluster, "k\(number)", number, at: nodes[number % 6]) }
        for number in 0..<60 { delete(cluster, "k\(number)", at: nodes[(number + 1) % 6]) }
        #expect(settle(cluster))
        guard case .resharded? = cluster.ask(.reshard(shardCount: 3, force: false), at: nodes[0]) else {
            Issue.record("not resharded")
            return
        }
        #expect(tombstones(cluster) > 0)
        #expect(cluster.run(untilMilliseconds: 20_000) { tombstones(cluster) == 0 })
    }

    @Test func aNodeThatNeverCameMayBeTakenOutSoThatDeletionsAreForgotten() throws {
        let cluster = SimulatedCluster(seed: 5)
        cluster.found(count: 4, shardCount: 2)
        #expect(settle(cluster))
        let nodes = cluster.running
        let stranger = SimulatedCluster.address(9)
        #expect(cluster.ask(.addToView(stranger), at: nodes[0]) == .addedToView)
        let context = try put(cluster, "k", 1, at: nodes[0])
        let reply = cluster.ask(.delete(key: "k", context: context), at: nodes[1])
        guard case .deleted? = reply else {
            Issue.record("not deleted: \(String(describing: reply))")
            return
        }
        cluster.run(milliseconds: 5_000)
        #expect(tombstones(cluster) > 0, "who may hold an older entry keeps the deletion")
        #expect(cluster.ask(.removeFromView(stranger), at: nodes[2]) == .removedFromView)
        #expect(cluster.ask(.removeFromView(stranger), at: nodes[2]) == .notInView)
        #expect(forgets(cluster))
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
