import ShardCore
import ShardSim
import Testing

/// A reshard that a presenter leads: it stops before each phase and batch, and the cluster serves meanwhile.
@Suite struct StepTests {
    private static let keys = (0..<200).map { "k\($0)" }

    private func cluster(keysPerSecond: Int?) throws -> SimulatedCluster {
        let cluster = SimulatedCluster(seed: 23)
        cluster.found(count: 6, shardCount: 2) { $0.reshardKeysPerSecondMax = keysPerSecond }
        cluster.run(milliseconds: 1_000)
        for key in Self.keys { try write(cluster, key) }
        return cluster
    }

    private func write(_ cluster: SimulatedCluster, _ key: String) throws {
        let reply = cluster.ask(
            .put(key: key, value: Array("1".utf8), context: .empty), at: cluster.running[key.count % 6])
        switch reply {
        case .created?, .replaced?: break
        default: Issue.record("\(key) was not written: \(String(describing: reply))")
        }
    }

    private func report(_ cluster: SimulatedCluster, at node: NodeAddress) throws -> ChangeReport {
        guard case .progress(let report?)? = cluster.ask(.reshardProgress, at: node) else {
            throw Problem(text: "no progress")
        }
        return report
    }

    private func progress(_ cluster: SimulatedCluster, at node: NodeAddress) throws -> ReshardProgress {
        try report(cluster, at: node).progress
    }

    private struct Problem: Error { var text: String }

    @Test(arguments: [40, nil]) func aReshardWaitsForEveryStep(keysPerSecond: Int?) async throws {
        try await LongWork.run { Result { try waitsForEveryStep(keysPerSecond) } }.get()
    }

    private func waitsForEveryStep(_ keysPerSecond: Int?) throws {
        let cluster = try cluster(keysPerSecond: keysPerSecond)
        let coordinator = cluster.running[0]
        let id = try #require(
            cluster.submit(.reshard(shardCount: 3, force: false, isStepped: true), to: coordinator))
        var waited: [ReshardProgress.Phase: Int] = [:]
        var last: ReshardProgress?
        for _ in 0..<200 where cluster.status(of: coordinator)?.epoch == 1 {
            // Longer than any lease or time limit: nothing but the presenter moves it.
            cluster.run(milliseconds: 6_000)
            let held = try progress(cluster, at: coordinator)
            #expect(held.step == .waiting, "in \(held.phase)")
            if let last { #expect(held.collated.reduce(0) { $0 + $1.keys } - read(last) <= keysPerSecond ?? 2_048) }
            waited[held.phase, default: 0] += 1
            last = held
            // A write is answered whatever the reshard waits for.
            try write(cluster, "k\(waited.values.reduce(0, +))")
            guard case .progress? = cluster.ask(.stepReshard(.next), at: coordinator) else {
                Issue.record("a step was refused")
                return
            }
            cluster.run(milliseconds: 2_000)
        }
        cluster.run(milliseconds: 1_000)
        guard case .resharded(let report)? = cluster.takeReply(id) else {
            Issue.record("it never ended: \(waited)")
            return
        }
        #expect(report.step == nil)
        #expect(waited[.collate, default: 0] >= (keysPerSecond == nil ? 1 : 5))
        #expect(waited[.rebalance, default: 0] >= 2)
        #expect(waited[.broadcast, default: 0] >= (keysPerSecond == nil ? 2 : 6))
        #expect(waited[.freeze] == nil)
        for key in Self.keys {
            guard case .found? = cluster.ask(.get(key: key, context: .empty), at: cluster.running[4]) else {
                Issue.record("\(key) is lost")
                return
            }
        }
    }

    private func read(_ progress: ReshardProgress) -> Int { progress.collated.reduce(0) { $0 + $1.keys } }

    @Test func aReshardGoesOnByItselfOnceTheStepsAreOff() throws {
        let cluster = try cluster(keysPerSecond: nil)
        let coordinator = cluster.running[2]
        let id = try #require(
            cluster.submit(.reshard(shardCount: 3, force: false, isStepped: true), to: coordinator))
        cluster.run(milliseconds: 1_000)
        #expect(try progress(cluster, at: coordinator).step == .waiting)
        _ = cluster.ask(.stepReshard(.off), at: coordinator)
        cluster.run(milliseconds: 1_000)
        guard case .resharded? = cluster.takeReply(id) else {
            Issue.record("it still waits")
            return
        }
    }

    @Test func aRunningReshardStopsAtTheNextBatchOnceStepsAreOn() throws {
        let cluster = try cluster(keysPerSecond: 40)
        let coordinator = cluster.running[1]
        let id = try #require(cluster.submit(.reshard(shardCount: 3, force: false), to: coordinator))
        cluster.run(milliseconds: 500)
        #expect(try progress(cluster, at: coordinator).step == nil)
        _ = cluster.ask(.stepReshard(.on), at: coordinator)
        cluster.run(milliseconds: 500)
        let held = try progress(cluster, at: coordinator)
        cluster.run(milliseconds: 20_000)
        #expect(try read(progress(cluster, at: coordinator)) == read(held))
        #expect(cluster.ask(.abortReshard, at: coordinator) == .aborted)
        guard case .refused(.changeFailed)? = cluster.takeReply(id) else {
            Issue.record("a held reshard cannot be aborted")
            return
        }
        #expect(try report(cluster, at: coordinator).refusal == .changeFailed(.aborted))
    }

    @Test func stepsAreRefusedWhereNothingRuns() throws {
        let cluster = try cluster(keysPerSecond: nil)
        #expect(cluster.ask(.stepReshard(.next), at: cluster.running[0]) == .refused(.notRunning))
    }
}
