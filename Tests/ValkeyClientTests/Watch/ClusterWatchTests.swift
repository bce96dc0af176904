import Testing

@testable import ValkeyClient

@Suite struct ClusterWatchTests {
    @Test func oneAddressIsEnoughToFindEverybodyInOneRound() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        #expect(cluster.watch.topology?.nodes.count == 7)
        #expect(cluster.watch.topology?.uncovered.isEmpty == true)
        #expect((1...7).allSatisfy { cluster.record($0)?.isReachable == true && cluster.record($0)?.keys == 10 })
        #expect(cluster.report(1_000).outage == nil)
    }

    @Test func ofASmallClusterEveryNodeIsAskedForItsViewAtEachPoll() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        cluster.forgetAsked()
        cluster.round(2_000)
        #expect(Set(cluster.asked.filter { $0.parts.contains([.view, .figures]) }.map(\.node)) == Set(1...7))
        #expect(cluster.asked.count == 7)
    }

    @Test func whoDoesNotAnswerIsOldNewsAndAnswersAgain() throws {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        _ = cluster.takeEvents()
        cluster.down = [2]
        cluster.round(2_000)
        let record = try #require(cluster.record(2))
        #expect(!record.isReachable && record.answeredMilliseconds == 1_000 && record.keys == 10)
        #expect(cluster.takeEvents() == ["10.0.0.1:7002 does not answer: nobody listens there"])
        cluster.down = []
        cluster.round(3_000)
        #expect(cluster.record(2)?.isReachable == true)
        #expect(cluster.takeEvents() == ["10.0.0.1:7002 answers again"])
    }

    @Test func whereNobodyAnswersTheReasonIsTold() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.down = Set(1...7)
        cluster.round(1_000)
        let outage = cluster.report(1_000).outage
        #expect(outage?.kind == .unreachable)
        #expect(outage?.description.contains("10.0.0.1:7001") == true)
        #expect(cluster.watch.topology == nil)
    }

    /// As a name that stands for it, or the way through a gate.
    @Test func aSeedGoesByTheNameThatTheClusterHasForIt() {
        let seed = ServerAddress(host: "cluster.example", port: 7002)
        var cluster = WatchHarness(WatchHarness.small, seeds: [seed])
        cluster.round(1_000)
        #expect(cluster.watch.records[seed] == nil)
        #expect(cluster.record(2)?.isReachable == true)
        #expect(cluster.watch.records.count == 7)
        // Where its own address leads nowhere, the seed's goes on to.
        cluster.dead = [ServerAddress(host: "10.0.0.1", port: 7002)]
        cluster.round(2_000)
        #expect(cluster.record(2)?.isReachable == true)
        #expect(cluster.record(2)?.dialled == seed)
    }

    @Test func nodesAreDialledWhereTheyCanBeReached() {
        var setup = WatchSetup()
        for number in 1...7 {
            setup.reach[ServerAddress(host: "10.0.0.1", port: 7000 + number)] = ServerAddress(
                host: "127.0.0.1", port: 7000 + number)
        }
        var cluster = WatchHarness(WatchHarness.small, setup: setup)
        cluster.round(1_000)
        #expect(Set(cluster.dialled.map(\.host)) == ["127.0.0.1"])
        #expect(cluster.record(3)?.isReachable == true)
        #expect(cluster.watch.topology?.name(of: WatchHarness.id(3)) == "10.0.0.1:7003")
    }

    @Test func anotherNodeThanTheClusterNamesIsNotTakenForIt() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.moved = [ServerAddress(host: "10.0.0.1", port: 7003): 2]
        cluster.round(1_000)
        #expect(cluster.record(3)?.isReachable == false)
        #expect(cluster.record(3)?.problem?.what.contains("another node answers") == true)
        #expect(cluster.record(2)?.isReachable == true)
    }

    @Test func whoIsInNoViewAnyMoreIsForgotten() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        _ = cluster.takeEvents()
        // It goes on to answer, of a cluster of its own.
        cluster.nodes[4] = nil
        cluster.round(2_000)
        #expect(cluster.watch.topology?.nodes.count == 6)
        #expect(cluster.takeEvents().contains("10.0.0.1:7004 left the cluster"))
        cluster.round(9_000)
        #expect(cluster.watch.records.count == 6)
    }

    @Test func aServerThatLacksACommandIsNotAskedForIt() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.isValkey = false
        for second in 1...3 { cluster.round(UInt64(second) * 1_000) }
        #expect(!cluster.asked.contains { $0.parts.contains(.jobs) || $0.parts.contains(.heat) })
        #expect(cluster.asked.count { $0.parts.contains(.features) } == 1)
    }

    @Test func whatTheUserMayNotDoIsKnownBeforeAnythingIsTried() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.denied = ["SETSLOT"]
        cluster.round(1_000)
        let features = cluster.report(1_000).features(of: WatchHarness.id(2))
        #expect(features[.setSlot] == .denied("User eve has no permissions to run the 'cluster|setslot' command"))
        #expect(features[.migrateSlots] == .present)
        #expect(features[.migration] == .absent)
        #expect(cluster.asked.count { $0.parts.contains(.permissions) } == 1)
    }

    /// Servers keep a log of jobs; it is asked for where bytes of slots move, and at once.
    @Test func jobsAreAskedForWhereBytesOfSlotsMove() throws {
        var cluster = WatchHarness(WatchHarness.small)
        for number in 1...7 { cluster.nodes[number]?.info["total_net_cluster_slot_export_bytes"] = "0" }
        cluster.round(1_000)
        cluster.round(2_000)
        cluster.forgetAsked()
        cluster.nodes[1]?.info["total_net_cluster_slot_export_bytes"] = "500"
        cluster.nodes[1]?.jobs = [job("EXPORT", "0-99", from: 1, to: 2)]
        cluster.round(3_000)
        #expect(cluster.asked.filter { $0.parts.contains(.jobs) }.map(\.node) == [1])
        #expect(cluster.record(1)?.jobs.first?.slots == SlotSet(0...99))
        let run = try #require(cluster.watch.foreign.run)
        #expect(run.movingCount == 100 && cluster.watch.foreign.isRunning)
        // While one runs, at each poll.
        cluster.forgetAsked()
        cluster.round(4_000)
        #expect(cluster.asked.filter { $0.parts.contains(.jobs) }.map(\.node) == [1])
    }

    @Test func wordThatIsOnlySpreadingIsNoTrouble() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        cluster.nodes[1]?.slots = "1-5460"
        cluster.nodes[2]?.slots = "0 5461-10922"
        cluster.nodes[2]?.epoch = 9
        cluster.nodes[3]?.sees = [1: WatchHarness.small[1], 2: WatchHarness.small[2]]
        cluster.round(2_000)
        #expect(cluster.watch.problems.isEmpty)
        #expect(cluster.watch.holdsBack)
        cluster.round(3_000)
        #expect(
            cluster.watch.problems.map(\.words) == [
                "10.0.0.1:7003 gives slot 0 to 10.0.0.1:7001, though it is with 10.0.0.1:7002"
            ])
        cluster.nodes[3]?.sees = [:]
        cluster.round(4_000)
        #expect(cluster.watch.problems.isEmpty)
    }

    @Test func anAnswerThatIsNoViewIsAProblemInWords() throws {
        let ask = ServerAsk(
            key: ServerAddress(host: "a", port: 1), dialled: ServerAddress(host: "a", port: 1), parts: .view)
        let denied = #expect(throws: ServerError.self) {
            _ = try ServerAnswer(ask, [.error(RESPError("NOPERM User eve has no permissions to run 'cluster|nodes'"))])
        }
        #expect(denied?.kind == .notPermitted)
        #expect(denied?.description.contains("CLUSTER NODES") == true)
        let alone = #expect(throws: ServerError.self) {
            _ = try ServerAnswer(ask, [.error(RESPError("ERR This instance has cluster support disabled"))])
        }
        #expect(alone?.kind == .notACluster)
        let junk = #expect(throws: ServerError.self) { _ = try ServerAnswer(ask, [.bulk(Array("junk".utf8))]) }
        #expect(junk?.kind == .broken)
        #expect(junk?.what.contains("line 1 of its answer to CLUSTER NODES") == true)
        #expect(throws: ServerError.self) { _ = try ServerAnswer(ask, []) }
    }

    /// A user that may not ask for figures still sees the cluster.
    @Test func whatIsNotToldIsNamedAndTheRestIsThere() throws {
        let place = ServerAddress(host: "10.0.0.1", port: 7001)
        let ask = ServerAsk(key: place, dialled: place, parts: [.view, .figures])
        let denied = RESPValue.error(RESPError("NOPERM User eve has no permissions to run 'info' command"))
        let view = RESPValue.bulk(Array(line().utf8))
        let answer = try ServerAnswer(ask, [view, denied, denied, denied, .integer(7)])
        #expect(answer.view != nil && answer.info == nil && answer.keys == 7)
        #expect(answer.refusals.map(\.kind) == [.notPermitted, .notPermitted, .notPermitted])
    }
}

/// A job as Valkey lists it.
func job(_ operation: String, _ slots: String, from: Int, to: Int, state: String = "snapshotting") -> RESPValue {
    let fields = [
        ("name", "job-\(slots)"), ("operation", operation), ("slot_ranges", slots),
        ("source_node", WatchHarness.text(from)),
        ("target_node", WatchHarness.text(to)), ("state", state),
        ("message", state == "failed" ? "Connection lost" : ""),
    ]
    return .array(fields.flatMap { [.bulk(Array($0.0.utf8)), .bulk(Array($0.1.utf8))] })
}
