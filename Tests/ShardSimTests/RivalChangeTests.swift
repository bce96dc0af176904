import Testing

@testable import ShardCore
@testable import ShardSim

/// Changes of the layout that meet what an earlier one left behind.
@Suite struct RivalChangeTests {
    /// The coordinator dies once somebody has accepted what it proposed, so whoever comes next finishes that first.
    private func dieAfterAcceptance(_ cluster: SimulatedCluster, reshardTo count: Int) throws {
        let coordinator = cluster.running[0]
        _ = try #require(cluster.submit(.reshard(shardCount: count, force: false), to: coordinator))
        #expect(
            cluster.run(untilMilliseconds: 20_000) {
                cluster.running.contains { cluster.replica(of: $0)?.acceptor.accepted != nil }
            })
        cluster.crash(coordinator)
    }

    private func cluster(seed: UInt64, nodes: Int, shardCount: Int) throws -> SimulatedCluster {
        let cluster = founded(seed: seed, count: nodes, shardCount: shardCount)
        for number in 0..<40 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % nodes]) }
        #expect(settle(cluster))
        return cluster
    }

    @Test func aMemberIsNotAddedToAShardThatIsGoneMeanwhile() throws {
        let cluster = try cluster(seed: 1, nodes: 9, shardCount: 4)
        let joiner = SimulatedCluster.address(20)
        cluster.start(joiner, view: [cluster.running[1]], shardCount: nil)
        cluster.run(milliseconds: 2_000)
        try dieAfterAcceptance(cluster, reshardTo: 2)
        let reply = cluster.ask(.addMember(joiner, shard: 3), at: cluster.running[1], withinMilliseconds: 30_000)
        let status = try #require(cluster.status(of: cluster.running[1]))
        if status.shards.count == 2 {
            let shard = status.shards.firstIndex { $0.contains(joiner) }
            #expect(reply == .refused(.noSuchShard(shard: 3, shardCount: 2)), "the joiner is in \(shard ?? -1)")
        }
        #expect(settle(cluster, withinMilliseconds: 30_000))
        for node in cluster.running {
            let members = try #require(cluster.status(of: node)).shards.flatMap { $0 }
            #expect(Set(members).count == members.count, "every node is in one shard")
        }
    }

    @Test func aShardIsNotLeftEmptyByRemovalsThatMeet() throws {
        let cluster = try cluster(seed: 2, nodes: 4, shardCount: 2)
        let shard = try #require(cluster.status(of: cluster.running[0])).shards[0]
        let others = cluster.running.filter { !shard.contains($0) }
        let first = try #require(cluster.submit(.removeFromView(shard[0]), to: others[0]))
        let second = try #require(cluster.submit(.removeFromView(shard[1]), to: others[1]))
        var replies: [UInt64: Reply] = [:]
        #expect(
            cluster.run(untilMilliseconds: 60_000) {
                for id in [first, second] where replies[id] == nil { replies[id] = cluster.takeReply(id) }
                return replies.count == 2
            })
        #expect(settle(cluster))
        for node in cluster.running {
            #expect(try #require(cluster.status(of: node)).shards.allSatisfy { !$0.isEmpty })
            #expect(values(cluster, (0..<40).map { "k\($0)" }, at: node).count == 40)
        }
    }

    @Test func whatADeadCoordinatorStagedIsNotKeptForEver() throws {
        let cluster = try cluster(seed: 3, nodes: 6, shardCount: 2)
        let coordinator = cluster.running[0]
        let founders = cluster.running
        _ = try #require(cluster.submit(.reshard(shardCount: 3, force: false), to: coordinator))
        #expect(
            cluster.run(untilMilliseconds: 20_000) {
                founders.dropFirst().allSatisfy { cluster.replica(of: $0)?.participation?.hasFrozen == true }
                    || cluster.replica(of: coordinator)?.coordinator?.step == .accepting
            })
        #expect(cluster.replica(of: coordinator)?.coordinator?.isPastNoReturn == false, "it dies before it proposes")
        cluster.crash(coordinator)
        #expect(
            cluster.run(untilMilliseconds: 10_000) {
                founders.dropFirst().contains { !(cluster.replica(of: $0)?.changing.setAside.isEmpty ?? true) }
            }, "something is set aside")
        cluster.start(coordinator, view: founders, shardCount: 2)
        #expect(
            cluster.run(untilMilliseconds: 30_000) {
                founders.allSatisfy { cluster.replica(of: $0)?.changing.setAside.isEmpty ?? false }
            })
        try reshard(cluster, to: 3, at: founders[2])
        for node in founders { #expect(values(cluster, (0..<40).map { "k\($0)" }, at: node).count == 40) }
    }
}
