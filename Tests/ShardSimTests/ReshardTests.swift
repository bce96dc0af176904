import Testing

@testable import ShardCore
@testable import ShardSim

@Suite struct ReshardTests {
    private func cluster(seed: UInt64, nodes: Int, shardCount: Int, keys: Int) throws -> SimulatedCluster {
        let cluster = founded(seed: seed, count: nodes, shardCount: shardCount)
        for number in 0..<keys { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % nodes]) }
        #expect(settle(cluster))
        return cluster
    }

    @Test func everyKeyIsReadableThroughEveryNodeAfterwards() throws {
        let cluster = try cluster(seed: 11, nodes: 7, shardCount: 2, keys: 200)
        guard
            case .resharded(let progress)? = cluster.ask(.reshard(shardCount: 3, force: false), at: cluster.running[4])
        else {
            Issue.record("not resharded")
            return
        }
        #expect(progress.phase == .done)
        #expect(progress.moves.reduce(0) { $0 + $1.planned } == 200)
        #expect(progress.moves.allSatisfy { $0.moved == $0.planned })
        #expect(progress.collated.reduce(0) { $0 + $1.keys } == 200)
        #expect(progress.parts.allSatisfy { $0.state == .switched && $0.confirmed == $0.planned })
        for node in cluster.running {
            #expect(counts(cluster, shardCount: 3, at: node).reduce(0, +) == 200)
            #expect(values(cluster, (0..<200).map { "k\($0)" }, at: node).count == 200)
            let status = try #require(cluster.status(of: node))
            #expect(status.epoch == 2)
            #expect(status.shards.allSatisfy { $0.count >= 2 })
        }
    }

    @Test func aBatchThatIsOvertakenNeedNotBeSentAgain() throws {
        let cluster = founded(seed: 17, count: 4, shardCount: 2) { $0.batchBytesMax = 1_000 }
        let nodes = cluster.running
        for number in 0..<300 { _ = try put(cluster, "k\(number)", number, at: nodes[number % 4]) }
        #expect(settle(cluster))
        var sent: [NodeAddress: [UInt64]] = [:]
        var overtaken: (Envelope, NodeAddress)?
        var isTurned = false
        cluster.onSend = { envelope, peer in
            guard case .stage(_, let batch) = envelope.message else { return true }
            sent[peer, default: []].append(batch.sequence)
            if overtaken == nil, !isTurned, batch.sequence == 1 {
                overtaken = (envelope, peer)
                return false
            }
            return true
        }
        cluster.onEvent = { _ in
            // Two later ones are on their way before it.
            guard let (envelope, peer) = overtaken, sent[peer]?.contains(3) == true else { return }
            overtaken = nil
            isTurned = true
            cluster.schedule(.deliver(envelope, to: peer), afterMicroseconds: 20_000)
        }
        try reshard(cluster, to: 1, at: nodes[0])
        #expect(isTurned)
        for (node, sequences) in sent { #expect(Set(sequences).count == sequences.count, "to \(node): \(sequences)") }
    }

    @Test func theCoordinatorHoldsNoMoreEntriesThanAreOnTheirWay() throws {
        let batchBytesMax = 1_000
        let cluster = founded(seed: 15, count: 6, shardCount: 2) { $0.batchBytesMax = batchBytesMax }
        let coordinator = cluster.running[0]
        for number in 0..<1_500 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % 6]) }
        #expect(settle(cluster))
        let request = try #require(cluster.submit(.reshard(shardCount: 3, force: false), to: coordinator))
        var heldMax = 0
        var moved = 0
        let isDone = cluster.run(untilMilliseconds: 60_000) {
            let replica = cluster.replica(of: coordinator)
            let batches = replica?.coordinator?.broadcast.staging.flatMap(\.outstanding) ?? []
            let changes = replica?.coordinator?.broadcast.staging.flatMap(\.changes) ?? []
            let held = batches.flatMap(\.records) + changes
            heldMax = max(heldMax, held.reduce(0) { $0 + $1.weightBytes })
            moved = replica?.coordinator?.broadcast.staging.reduce(0) { $0 + $1.recordsConfirmed } ?? moved
            return replica?.coordinator == nil && replica?.reportNow != nil
        }
        #expect(isDone)
        guard case .resharded? = cluster.takeReply(request) else {
            Issue.record("not resharded")
            return
        }
        #expect(moved > 1_500)
        // Four batches for each of six nodes; the last record of a batch may go beyond its bound.
        let recordBytesMax = 500
        #expect(heldMax > 0 && heldMax <= 6 * NodePortion.windowMax * (batchBytesMax + recordBytesMax))
    }

    @Test func anImpossibleReshardIsRefusedAndChangesNothing() throws {
        let cluster = try cluster(seed: 12, nodes: 6, shardCount: 2, keys: 20)
        #expect(
            cluster.ask(.reshard(shardCount: 10, force: false), at: cluster.running[0])
                == .refused(.notEnoughNodes(nodes: 6, shardCount: 10)))
        #expect(cluster.status(of: cluster.running[1])?.epoch == 1)
    }

    @Test func aNodeJustKilledIsLeftOutOfTheCount() throws {
        let cluster = try cluster(seed: 13, nodes: 6, shardCount: 2, keys: 20)
        cluster.crash(cluster.running[5])
        #expect(
            cluster.ask(.reshard(shardCount: 3, force: false), at: cluster.running[0])
                == .refused(.notEnoughNodes(nodes: 5, shardCount: 3)))
        let smaller = cluster.ask(.reshard(shardCount: 1, force: false), at: cluster.running[0])
        guard case .resharded? = smaller else {
            Issue.record("five nodes are enough for one shard: \(String(describing: smaller))")
            return
        }
    }

    @Test func aDryRunChangesNothingAndForetellsTheReshard() throws {
        let cluster = try cluster(seed: 14, nodes: 6, shardCount: 2, keys: 150)
        guard case .plan(let plan)? = cluster.ask(.planReshard(shardCount: 3), at: cluster.running[2]) else {
            Issue.record("no plan")
            return
        }
        #expect(cluster.status(of: cluster.running[0])?.epoch == 1)
        #expect(plan.moves.reduce(0) { $0 + $1.planned } == 150)
        guard
            case .resharded(let progress)? = cluster.ask(.reshard(shardCount: 3, force: false), at: cluster.running[2])
        else {
            Issue.record("not resharded")
            return
        }
        #expect(progress.seed == plan.seed)
        #expect(progress.moves.map(\.planned) == plan.moves.map(\.planned))
        #expect(cluster.status(of: cluster.running[0])?.shards == plan.shards)
    }

    @Test func ofTwoReshardsAtOnceOneWinsAndTheOtherIsToldWhich() throws {
        let cluster = try cluster(seed: 15, nodes: 8, shardCount: 2, keys: 100)
        let first = try #require(cluster.submit(.reshard(shardCount: 3, force: false), to: cluster.running[0]))
        cluster.run(milliseconds: 2)
        let second = cluster.ask(.reshard(shardCount: 4, force: false), at: cluster.running[5])
        guard case .refused(.changeRunning)? = second else {
            Issue.record("\(String(describing: second))")
            return
        }
        cluster.run(untilMilliseconds: 10_000) { cluster.replies[first] != nil }
        guard case .resharded? = cluster.takeReply(first) else {
            Issue.record("the first did not succeed")
            return
        }
        #expect(settle(cluster))
        #expect(cluster.status(of: cluster.running[3])?.shards.count == 3)
    }

    @Test(arguments: [ReshardProgress.Phase.collate, .rebalance, .broadcast, .freeze])
    func aDyingCoordinatorLeavesOneEpochAndAllKeys(in phase: ReshardProgress.Phase) throws {
        let cluster = founded(seed: 16, count: 7, shardCount: 2) { $0.reshardKeysPerSecondMax = 400 }
        let keys = (0..<200).map { "k\($0)" }
        for number in 0..<200 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % 7]) }
        cluster.run(milliseconds: 500)
        let coordinator = cluster.running[3]
        _ = try #require(cluster.submit(.reshard(shardCount: 3, force: false), to: coordinator))
        let reached = cluster.run(untilMilliseconds: 20_000) {
            cluster.occurrences.contains { $0.2.fact == .enteredPhase(.reshard(shardCount: 3), phase) }
        }
        #expect(reached)
        cluster.crash(coordinator)
        cluster.run(milliseconds: 6_000)
        #expect(settle(cluster))
        for node in cluster.running { #expect(values(cluster, keys, at: node).count == 200) }
        try reshard(cluster, to: 3, at: cluster.running[0])
        for node in cluster.running { #expect(values(cluster, keys, at: node).count == 200) }
    }

    @Test func anAbortedReshardChangesNothing() throws {
        let cluster = founded(seed: 17, count: 6, shardCount: 2) { $0.reshardKeysPerSecondMax = 100 }
        for number in 0..<100 { _ = try put(cluster, "k\(number)", number, at: cluster.running[number % 6]) }
        let id = try #require(cluster.submit(.reshard(shardCount: 3, force: false), to: cluster.running[0]))
        cluster.run(milliseconds: 300)
        #expect(cluster.ask(.abortReshard, at: cluster.running[0]) == .aborted)
        guard case .refused(.changeFailed)? = cluster.takeReply(id) else {
            Issue.record("the reshard went on")
            return
        }
        cluster.run(milliseconds: 1_000)
        #expect(cluster.status(of: cluster.running[4])?.epoch == 1)
        #expect(values(cluster, (0..<100).map { "k\($0)" }, at: cluster.running[5]).count == 100)
        _ = try put(cluster, "k1", 7, at: cluster.running[2])
    }
}
