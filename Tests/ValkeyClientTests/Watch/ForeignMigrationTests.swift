import ClusterModel
import Testing

@testable import ValkeyClient

@Suite struct ForeignMigrationTests {
    /// The first slots of one go to two others, some at each poll, as redis-cli does it.
    private func moving() -> WatchHarness {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        _ = cluster.takeEvents()
        give(&cluster, 100, to: 2)
        cluster.round(2_000)
        return cluster
    }

    private func give(_ cluster: inout WatchHarness, _ count: Int, to taker: Int) {
        var (mine, theirs) = (
            SlotSet(cluster.nodes[1]?.slots ?? "") ?? SlotSet(), SlotSet(cluster.nodes[taker]?.slots ?? "") ?? SlotSet()
        )
        let slots = mine.first(count)
        mine.subtract(slots)
        theirs.formUnion(slots)
        cluster.nodes[1]?.slots = mine.ranges.map(\.slotText).joined(separator: " ")
        cluster.nodes[taker]?.slots = theirs.ranges.map(\.slotText).joined(separator: " ")
        cluster.nodes[taker]?.epoch = 20 + taker
    }

    private func change(_ cluster: WatchHarness) throws -> Change {
        try #require(ClusterTranslation(report: cluster.report(9_000)).cluster.change)
    }

    @Test func slotsThatChangeHandsAreSomebodysMigration() throws {
        var cluster = moving()
        var change = try change(cluster)
        #expect(!change.isOurs && change.by == "somebody else" && change.outcome == nil && !change.isAbortable)
        #expect(change.pairs.map(\.done) == [100])
        #expect(cluster.takeEvents() == ["somebody else moves slots from 10.0.0.1:7001 to 10.0.0.1:7002"])
        give(&cluster, 50, to: 2)
        give(&cluster, 30, to: 3)
        cluster.round(3_000)
        change = try self.change(cluster)
        #expect(change.pairs.map(\.done).sorted() == [30, 150])
        #expect(change.lastProgressMilliseconds == 3_000)
        #expect(cluster.takeEvents() == ["slots move from 10.0.0.1:7001 to 10.0.0.1:7003"])
    }

    @Test func itEndsWhenNothingMovesForAWhile() throws {
        var cluster = moving()
        cluster.round(3_000)
        cluster.round(4_000)
        #expect(try change(cluster).outcome == nil)
        cluster.round(5_000)
        let change = try change(cluster)
        #expect(change.outcome?.kind == .done)
        #expect(change.finishedMilliseconds == 2_000)
        #expect(
            cluster.takeEvents().last
                == "somebody else's migration ended: slots moved: 100 from 10.0.0.1:7001 to 10.0.0.1:7002")
    }

    @Test func openSlotsAreOnTheirWay() throws {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        cluster.nodes[1]?.open = "[93->-\(WatchHarness.text(2))]"
        cluster.nodes[2]?.open = "[93-<-\(WatchHarness.text(1))]"
        cluster.round(2_000)
        let translated = ClusterTranslation(report: cluster.report(2_000)).cluster
        let pair = try #require(translated.change?.pairs.first)
        #expect(pair.done == 0 && pair.planned == 1 && pair.note == "slot 93")
        let run = try #require(translated.slots?.runs.first { $0.first == 93 })
        #expect(run.last == 93 && run.target == cluster.watch.shardNames.id(of: WatchHarness.id(2)))
        // It is no trouble while it moves.
        #expect(translated.troubles.isEmpty)
    }

    /// Left over from a program that died long ago, they are a trouble and nobody's work.
    @Test func slotsThatLieOpenFromTheStartAreNobodysWork() {
        var nodes = WatchHarness.small
        nodes[1]?.open = "[93->-\(WatchHarness.text(2))]"
        nodes[2]?.open = "[93-<-\(WatchHarness.text(1))]"
        var cluster = WatchHarness(nodes)
        for second in 1...5 { cluster.round(UInt64(second) * 1_000) }
        let translated = ClusterTranslation(report: cluster.report(5_000)).cluster
        #expect(translated.change == nil)
        #expect(translated.troubles.map(\.long) == ["slot 93 is open from 10.0.0.1:7001 to 10.0.0.1:7002"])
    }

    @Test func oneThatStopsHalfWayIsGivenUpAndItsSlotsStayATrouble() throws {
        var cluster = moving()
        cluster.nodes[1]?.open = "[200->-\(WatchHarness.text(2))]"
        cluster.nodes[2]?.open = "[200-<-\(WatchHarness.text(1))]"
        for second in 3...70 { cluster.round(UInt64(second) * 1_000) }
        let translated = ClusterTranslation(report: cluster.report(70_000)).cluster
        #expect(translated.change?.outcome?.kind == .failed)
        #expect(translated.change?.outcome?.state == "1 slots are left open")
        #expect(translated.troubles.map(\.short) == ["1 slot open"])
    }

    @Test func aFailoverIsNoMigration() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        _ = cluster.takeEvents()
        cluster.nodes[5] = WatchHarness.Node(epoch: 30, slots: "0-5460")
        cluster.nodes[1] = WatchHarness.Node(flags: "slave", primary: 5, epoch: 30)
        cluster.round(2_000)
        #expect(cluster.watch.foreign.run == nil)
        let events = cluster.takeEvents()
        #expect(events.contains("10.0.0.1:7005 took over from 10.0.0.1:7001: it is the primary of slots 0-5460"))
        #expect(events.contains("10.0.0.1:7001 is a replica of 10.0.0.1:7005 now"))
    }

    /// It becomes a replica of who took its last slot, by itself.
    @Test func aPrimaryThatIsDrainedIsAMigrationAndNoFailover() throws {
        var cluster = WatchHarness(WatchHarness.small)
        for node in 1...7 { cluster.shardIDs[node] = "\(node)bbb" + WatchHarness.text(node).dropFirst(4) }
        cluster.shardIDs[1] = "aaaa" + WatchHarness.text(1).dropFirst(4)
        cluster.round(1_000)
        let shard = cluster.watch.shardNames.id(of: WatchHarness.id(1))
        #expect(shard.text == "aaaa")
        give(&cluster, 16_384, to: 2)
        cluster.nodes[1] = WatchHarness.Node(flags: "slave", primary: 2, epoch: 22)
        cluster.round(2_000)
        #expect(try change(cluster).pairs.map(\.done) == [5_461])
        #expect(try change(cluster).pairs.map(\.from) == [shard])
        cluster.round(3_000)
        #expect(try change(cluster).pairs.map(\.from) == [shard])
        #expect(!cluster.takeEvents().contains { $0.contains("took over") })
    }

    @Test func whatThisProgramMovesItselfIsNotSomebodyElses() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000, isOursRunning: true)
        give(&cluster, 100, to: 2)
        cluster.round(2_000, isOursRunning: true)
        give(&cluster, 100, to: 2)
        // The last of it spreads when it is over.
        cluster.round(3_000)
        #expect(cluster.watch.foreign.run == nil)
        for second in 6...8 { cluster.round(UInt64(second) * 1_000) }
        #expect(cluster.watch.foreign.run == nil)
        give(&cluster, 100, to: 3)
        cluster.round(9_000)
        #expect(cluster.watch.foreign.isRunning)
    }

    @Test func aJobThatFailsIsTold() throws {
        var cluster = WatchHarness(WatchHarness.small)
        for number in 1...7 { cluster.nodes[number]?.info["total_net_cluster_slot_export_bytes"] = "0" }
        cluster.round(1_000)
        cluster.nodes[1]?.info["total_net_cluster_slot_export_bytes"] = "500"
        cluster.nodes[1]?.jobs = [job("EXPORT", "0-99", from: 1, to: 2)]
        cluster.round(2_000)
        #expect(try change(cluster).pairs.map(\.bytes) == [500])
        cluster.nodes[1]?.jobs = [job("EXPORT", "0-99", from: 1, to: 2, state: "failed")]
        for second in 3...6 { cluster.round(UInt64(second) * 1_000) }
        let outcome = try #require(try change(cluster).outcome)
        #expect(outcome.kind == .failed && outcome.reason == "Connection lost" && outcome.state == "nothing was moved")
    }

    @Test func jobsOfAProgramThatIsGoneHinderAllButTheRepairThatEndsThem() {
        var cluster = WatchHarness(WatchHarness.small)
        for number in 1...7 { cluster.nodes[number]?.info["total_net_cluster_slot_export_bytes"] = "0" }
        cluster.round(1_000)
        cluster.nodes[1]?.info["total_net_cluster_slot_export_bytes"] = "500"
        cluster.nodes[1]?.jobs = [job("EXPORT", "0-99", from: 1, to: 2)]
        cluster.round(2_000)
        let report = cluster.report(2_000)
        let isMoving = report.isSomebodyElseMoving
        #expect(isMoving)
        let goals: [Goal] = [.rebalance(by: .slots), .repair(.finish), .repair(.putBack)]
        #expect(goals.map { Changer.waitsForOthers($0, report) } == [true, false, false])
    }
}
