import Testing

@testable import ShardCore
@testable import ShardSim

/// An operator's word where no majority is left.
@Suite struct ForceTests {
    /// One member of each shard is left of six nodes, and the four others are known to be down.
    private func remnant(
        _ cluster: SimulatedCluster, plant: PlantedBug? = nil
    ) throws -> (left: [NodeAddress], dead: [NodeAddress]) {
        cluster.found(count: 6, shardCount: 2) { $0.plantedBug = plant }
        #expect(settle(cluster))
        for number in 0..<40 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % 6]) }
        #expect(settle(cluster))
        let shards = try #require(cluster.status(of: cluster.running[0])?.shards)
        let left = shards.map { $0[0] }
        let dead = cluster.running.filter { !left.contains($0) }
        for node in dead { cluster.crash(node) }
        #expect(
            cluster.run(untilMilliseconds: 10_000) {
                left.allSatisfy { node in
                    cluster.status(of: node)?.peers.filter { $0.health == .down }.count == dead.count
                }
            })
        return (left, dead)
    }

    @Test func aMinorityChangesTheLayoutOnlyWhereItIsForced() throws {
        let cluster = SimulatedCluster(seed: 1)
        let (left, dead) = try remnant(cluster)
        let silent = (0...2).flatMap { cluster.replica(of: left[0])?.silentMembers(of: $0) ?? [] }
        #expect(silent.sorted() == dead.sorted(), "of the two shards that there are")
        guard case .refused(.noMajority)? = cluster.ask(.reshard(shardCount: 1, force: false), at: left[0]) else {
            return #expect(Bool(false), "two of six are no majority")
        }
        guard case .resharded? = cluster.ask(.reshard(shardCount: 1, force: true), at: left[0]) else {
            return #expect(Bool(false), "an operator's word goes before a majority")
        }
        #expect(settle(cluster))
        for node in left {
            let status = try #require(cluster.status(of: node))
            #expect(EpochNumber.forced(status.epoch) == 1 && EpochNumber.changes(status.epoch) == 2)
            #expect(status.shards == [left.sorted()])
            #expect(values(cluster, (0..<40).map { "k\($0)" }, at: node).count == 40)
        }
    }

    /// What it took meanwhile would be left behind, and nobody would wait for it.
    @Test(arguments: [nil, PlantedBug.forcesPassOverTheReturned])
    func aForcedChangeStartsOverWithAMemberThatComesBackDuringIt(plant: PlantedBug?) throws {
        let cluster = SimulatedCluster(seed: 3)
        let (left, dead) = try remnant(cluster, plant: plant)
        let request = try #require(cluster.submit(.reshard(shardCount: 1, force: true), to: left[0]))
        #expect(
            cluster.run(untilMilliseconds: 5_000) {
                cluster.replica(of: left[0])?.coordinatedPhase.map { $0 > .collate } ?? false
            })
        cluster.start(dead[0], view: (left + dead).sorted(), shardCount: 2)
        #expect(cluster.run(untilMilliseconds: 20_000) { cluster.replies[request] != nil })
        guard case .resharded(let progress)? = cluster.replies[request] else {
            Issue.record("\(String(describing: cluster.replies[request]))")
            return
        }
        #expect(progress.parts.contains { $0.node == dead[0] } == (plant == nil), "it takes part")
        #expect(settle(cluster))
        #expect(values(cluster, (0..<40).map { "k\($0)" }, at: dead[0]).count == 40)
    }

    @Test func thoseWhoComeBackTakeTheForcedLayoutAndTheNextChangeNeedsNoForce() throws {
        let cluster = SimulatedCluster(seed: 2)
        let (left, dead) = try remnant(cluster)
        guard case .resharded? = cluster.ask(.reshard(shardCount: 1, force: true), at: left[1]) else {
            return #expect(Bool(false), "an operator's word goes before a majority")
        }
        let all = (left + dead).sorted()
        for node in dead { cluster.start(node, view: all, shardCount: 2) }
        #expect(settle(cluster))
        guard case .resharded? = cluster.ask(.reshard(shardCount: 3, force: false), at: dead[0]) else {
            return #expect(Bool(false), "all are there again")
        }
        #expect(settle(cluster))
        for node in all {
            let status = try #require(cluster.status(of: node))
            #expect(EpochNumber.forced(status.epoch) == 1 && EpochNumber.changes(status.epoch) == 3)
            #expect(values(cluster, (0..<40).map { "k\($0)" }, at: node).count == 40)
        }
    }

    @Test func halvesThatForceEachALayoutAgreeOnOneOfThemOnceTheyMeet() throws {
        let cluster = founded(seed: 3, count: 8, shardCount: 2)
        for number in 0..<40 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % 8]) }
        #expect(settle(cluster))
        let shards = try #require(cluster.status(of: cluster.running[0])?.shards)
        let one = shards.flatMap { $0.prefix($0.count / 2) }
        let other = cluster.running.filter { !one.contains($0) }
        cluster.network.partition(one, from: other)
        cluster.run(milliseconds: 3_000)
        for (index, half) in [one, other].enumerated() {
            guard case .resharded? = cluster.ask(.reshard(shardCount: 1, force: true), at: half[0]) else {
                return #expect(Bool(false), "each half takes its operator's word")
            }
            _ = try put(cluster, "side\(index)", index, at: half[1])
            _ = try put(cluster, "k\(index)", 100 + index, at: half[1])
        }
        cluster.network.heal()
        cluster.run(milliseconds: 3_000)
        #expect(settle(cluster))
        #expect(Set(cluster.running.compactMap { cluster.status(of: $0)?.epoch }).count == 1)
        for node in cluster.running {
            let found = values(cluster, ["side0", "side1", "k0", "k1", "k2"], at: node)
            #expect(found == ["side0": 0, "side1": 1, "k0": 100, "k1": 101, "k2": 2], "read through \(node)")
        }
    }

    @Test func numbersOfForcedEpochsRankAboveAndStayExactInJSON() throws {
        let node = SimulatedCluster.address(1)
        var epoch: UInt64 = 7
        for forced in 1...255 {
            let next = try #require(EpochNumber.forcing(after: epoch, by: node, incarnation: .max))
            #expect(next > epoch + 1_000_000 && next < 1 << 53)
            #expect(EpochNumber.forces(next, over: epoch) && !EpochNumber.forces(next + 1, over: epoch))
            #expect(EpochNumber.forced(next) == UInt64(forced))
            epoch = next
        }
        #expect(EpochNumber.forcing(after: epoch, by: node, incarnation: 1) == nil)
        #expect(EpochNumber.words(7) == "7" && EpochNumber.words(epoch) == "262, forced")
        let other = SimulatedCluster.address(2)
        #expect(
            EpochNumber.forcing(after: 7, by: node, incarnation: 1)
                != EpochNumber.forcing(after: 7, by: other, incarnation: 1))
    }
}
