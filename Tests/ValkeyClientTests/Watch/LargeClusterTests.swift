import Testing

@testable import ValkeyClient

/// 1,000 nodes, by the plan alone: nothing is sent.
@Suite struct LargeClusterTests {
    /// More nodes than are asked for their views at each poll.
    private func large() -> WatchHarness { WatchHarness(WatchHarness.large(shards: 40)) }

    @Test func ofAThousandNoFigureIsOlderThanTenSecondsAndNoViewThanTwo() {
        var cluster = WatchHarness(WatchHarness.large(shards: 500))
        cluster.round(1_000)
        #expect(cluster.watch.records.count == 1_000)
        #expect(cluster.watch.records.values.count { $0.isReachable } == 1_000)
        for second in 2...10 {
            let now = UInt64(second) * 1_000
            cluster.forgetAsked()
            cluster.round(now)
            let oldest = cluster.watch.records.values.map(\.figuresMilliseconds).min() ?? 0
            #expect(now - oldest <= 10_000)
            #expect(now - cluster.watch.topologyMilliseconds <= 2_000)
            // The work is spread over the polls.
            #expect((100...160).contains(cluster.asked.count { $0.parts.contains(.figures) }))
            #expect(cluster.asked.count { $0.parts.contains(.view) } <= 1)
        }
    }

    @Test func theViewIsAskedOfOneNodeAfterTheOther() {
        var cluster = large()
        cluster.round(1_000)
        cluster.forgetAsked()
        for second in 2...21 { cluster.round(UInt64(second) * 1_000) }
        let viewers = cluster.asked.filter { $0.parts.contains(.view) }.map(\.node)
        #expect(viewers.count >= 9)
        #expect(Set(viewers).count == viewers.count)
        #expect(viewers.allSatisfy { $0 % 2 == 1 })
    }

    /// What was translated before counts for as long as nobody says anything else, whoever is asked.
    @Test func askingOneNodeAfterTheOtherIsNoChange() {
        var cluster = large()
        for second in 1...20 { cluster.round(UInt64(second) * 1_000) }
        #expect(cluster.watch.topologyNumber == 1)
        cluster.nodes[1]?.flags = "master,fail"
        for second in 21...40 { cluster.round(UInt64(second) * 1_000) }
        #expect(cluster.watch.topologyNumber > 1)
    }

    /// A slot that is open stands in its own node's view alone, and who is asked that depends on a cheap sign.
    @Test func whoShowsASignOfAChangeIsAskedForItsView() {
        var cluster = large()
        for second in 1...10 { cluster.round(UInt64(second) * 1_000) }
        cluster.nodes[41]?.open = "[8200->-\(WatchHarness.text(43))]"
        cluster.nodes[41]?.slotCalls = 1
        cluster.nodes[43]?.open = "[8200-<-\(WatchHarness.text(41))]"
        cluster.nodes[43]?.slotCalls = 1
        for second in 11...19 { cluster.round(UInt64(second) * 1_000) }
        #expect(cluster.watch.topology?.openSlots.count == 1)
        #expect(cluster.watch.foreign.isRunning)
        cluster.forgetAsked()
        cluster.round(20_000)
        #expect(Set(cluster.asked.filter { $0.parts.contains(.view) }.map(\.node)).isSuperset(of: [41, 43]))
    }

    @Test func viewsOfLongAgoAreNotHeldAgainstAnybody() {
        var cluster = large()
        for second in 1...6 { cluster.round(UInt64(second) * 1_000) }
        cluster.nodes[1]?.slots = ""
        cluster.nodes[1]?.flags = "master,fail"
        cluster.down = [1]
        cluster.nodes[2] = WatchHarness.Node(epoch: 90, slots: WatchHarness.large(shards: 40)[1]?.slots ?? "")
        for second in 7...20 {
            cluster.round(UInt64(second) * 1_000)
            #expect(!cluster.watch.problems.contains { $0.kind == .disagreement })
        }
        #expect(cluster.takeEvents().contains { $0.contains("10.0.0.1:7002 took over from 10.0.0.1:7001") })
        #expect(cluster.watch.problems.map(\.words) == ["10.0.0.1:7001 has failed"])
    }

    @Test func moreThanTheBoundAreNotFollowed() {
        var setup = WatchSetup()
        setup.nodesMax = 50
        var cluster = WatchHarness(WatchHarness.large(shards: 60), setup: setup)
        cluster.round(1_000)
        #expect(cluster.watch.records.count == 50)
        #expect(cluster.watch.topology?.nodes.count == 120)
    }
}
