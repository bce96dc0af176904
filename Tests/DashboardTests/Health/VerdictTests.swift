import ClusterModel
import ShardClient
import TerminalUI
import Testing

@testable import Dashboard

/// How a cluster is, in words.
@Suite struct VerdictTests {
    private func verdict(_ twists: [Int: Fixture.Twist] = [:], layout: [[Int]] = Fixture.two) -> Verdict {
        Verdict(Cluster(Fixture.snapshot(layout: layout, keys: layout.map { _ in 5 }, twists: twists)))
    }

    private static let down = Fixture.Twist(isReachable: false, health: .down)

    @Test func aWholeClusterIsOk() {
        #expect(verdict() == .ok)
        #expect(verdict().words == "ok")
    }

    @Test func ofThreeMembersOneMayBeMissed() {
        let verdict = verdict([4: Self.down])
        #expect(verdict.words == "degraded: shard 1 has 2 of 3 members")
        #expect(verdict.worst?.advice == "start 10.0.0.4:8081 again (connection refused)")
        #expect(verdict.findings.count == 1, "the node itself is not told once more")
    }

    @Test func oneMemberLeftIsSaidSo() {
        let verdict = verdict([4: Self.down, 6: Self.down])
        #expect(verdict.words == "degraded: shard 1 has one member left")
        #expect(
            verdict.worst?.advice
                == "start 10.0.0.4:8081, 10.0.0.6:8081 again (connection refused), or add a node to the shard")
    }

    @Test func theShardThatHasTheFewestLeftGoesFirst() {
        let verdict = verdict([1: Self.down, 4: Self.down, 6: Self.down])
        #expect(
            verdict.findings.map(\.words) == ["shard 1 has one member left", "shard 0 has 2 of 3 members"])
    }

    @Test func aShardWithoutMembersIsDownAndGoesFirst() {
        let verdict = verdict([1: Self.down, 4: Self.down, 5: Self.down, 6: Self.down])
        #expect(verdict.words == "down: no member of shard 1 answers")
        #expect(verdict.findings.map(\.rank) == [.down, .degraded])
    }

    @Test func aShardWhoseMembersAllCatchUpIsNotServed() {
        let starting = Fixture.Twist(state: .catchingUp)
        #expect(verdict([4: starting, 5: starting, 6: starting]).rank == .down)
        #expect(verdict([4: starting]).words == "degraded: 10.0.0.4:8081: catching up")
    }

    @Test func nodesThatAreAlikeAreToldTogether() {
        let other = Fixture.Twist(epoch: 2)
        let words = Verdict(
            Cluster(Fixture.snapshot(layout: Fixture.two, keys: [5, 5], twists: [2: other, 3: other], epoch: 3))
        ).words
        #expect(words == "degraded: 10.0.0.2:8081, 10.0.0.3:8081: epoch 2")
    }

    @Test func aNodeThatIsCutOffIsToldOnce() {
        let verdict = Verdict(Cluster(Fixture.cutOff(3)))
        #expect(verdict.words == "degraded: 10.0.0.3:8081 is cut off: its peers do not hear it, it answers us")
        #expect(verdict.findings.count == 1)
    }

    @Test func whereNobodyAnswersThatIsAllThatIsKnown() {
        let verdict = verdict(
            Dictionary(uniqueKeysWithValues: (1...6).map { ($0, .init(isReachable: false)) }))
        #expect(verdict.words == "down: no node answers")
    }

    @Test func aChangeIsSaidWhereNothingIsWrong() {
        let calm = Cluster(
            Fixture.snapshot(layout: Fixture.two, keys: [5, 5], reshard: Fixture.reshard(.broadcast)))
        #expect(Verdict(calm).words == "changing: reshard 2 to 3 shards")
        #expect(Verdict(calm, stall: "wait").words == "degraded: reshard 2 to 3 shards stands still")
        let hurt = Cluster(
            Fixture.snapshot(
                layout: Fixture.two, keys: [5, 5], twists: [4: Self.down], reshard: Fixture.reshard(.broadcast)))
        #expect(Verdict(hurt).rank == .degraded)
        #expect(Verdict(hurt).findings.last?.rank == .changing)
    }

    @Test func inADemoTheKeyIsSaid() {
        let cluster = Cluster(Fixture.snapshot(layout: Fixture.two, keys: [5, 5], twists: [4: Self.down]))
        #expect(Verdict(cluster, demo: DemoState()).worst?.advice == "start 10.0.0.4:8081 again: X")
        #expect(
            Verdict(cluster, demo: DemoState(paused: [Fixture.node(4)])).worst?.advice == "let 10.0.0.4:8081 go on: p")
    }

    // MARK: In no shard

    /// - Parameter spare: the node that is down, and in no shard.
    private func verdict(spare: Fixture.Twist, demo: DemoState? = nil) -> Verdict {
        Verdict(
            Cluster(
                Fixture.snapshot(layout: Fixture.two, keys: [5, 5], twists: [7: spare], epoch: 3, joiners: [7])),
            demo: demo)
    }

    @Test func aSpareThatIsDownIsNamedAndNothingIsWrong() {
        let verdict = verdict(spare: Self.down)
        #expect(verdict.words == "ok")
        #expect(verdict.findings.map(\.words) == ["10.0.0.7:8081: down, in no shard, and with no keys to serve"])
        #expect(
            verdict.worst?.advice
                == "start 10.0.0.7:8081 again (connection refused), or take it out of the view: shardtop remove-member "
                + "10.0.0.7:8081")
        #expect(self.verdict(spare: Self.down, demo: DemoState()).worst?.advice == "start 10.0.0.7:8081 again: X")
    }

    @Test func aNodeThatWentBeforeTheLayoutChangedMayBeMissed() {
        var gone = Self.down
        (gone.state, gone.epoch) = (.stopping, 2)
        let verdict = verdict(spare: gone)
        #expect(
            verdict.words == "degraded: 10.0.0.7:8081: down, perhaps with writes from before the layout changed")
        #expect(verdict.worst?.advice?.hasSuffix("shardtop remove-member 10.0.0.7:8081") == true)
    }

    /// As for `status`, which looks once.
    @Test(arguments: [2: Verdict.Rank.degraded, 3: .ok])
    func ofOneThatNeverAnsweredTheOthersTellWhenTheyHeardItLast(epoch: UInt64, rank: Verdict.Rank) throws {
        var snapshot = Fixture.snapshot(
            layout: Fixture.two, keys: [5, 5], twists: [7: Self.down], epoch: 3, joiners: [7])
        for index in snapshot.nodes.indices {
            guard case .full(var state)? = snapshot.nodes[index].answer else { continue }
            let place = try #require(state.replica.peers.firstIndex { $0.address == Fixture.node(7) })
            state.replica.peers[place].epoch = epoch
            snapshot.nodes[index].answer = snapshot.nodes[index].isReachable ? .full(state) : nil
        }
        #expect(Verdict(Cluster(snapshot)).rank == rank)
    }

    @Test func whatIsWrongGoesBeforeASpare() {
        let snapshot = Fixture.snapshot(
            layout: Fixture.two, keys: [5, 5], twists: [4: Self.down, 7: Self.down], joiners: [7])
        #expect(Verdict(Cluster(snapshot)).findings.map(\.rank) == [.degraded, .ok])
    }

    // MARK: Refusals

    private static let unknownToken = "answered 401 'This node does not know the token'"

    @Test func aNodeThatRefusesThisProgramIsNotToBeStartedAgain() {
        var snapshot = Fixture.snapshot(layout: Fixture.two, keys: [5, 5])
        snapshot.nodes[3] = .init(
            address: Fixture.node(4), problem: Self.unknownToken, isRefusing: true)
        let verdict = Verdict(Cluster(snapshot))
        #expect(verdict.words == "degraded: 10.0.0.4:8081: refuses us")
        #expect(verdict.worst?.advice == "10.0.0.4:8081 is up, and \(Self.unknownToken)")
    }

    @Test func whereAllRefuseThatIsSaid() {
        let snapshot = ClusterSnapshot(
            takenMilliseconds: Fixture.start,
            nodes: [.init(address: Fixture.node(1), problem: Self.unknownToken, isRefusing: true)])
        let verdict = Verdict(Cluster(snapshot))
        #expect(verdict.words == "degraded: 10.0.0.1:8081 is up and tells this program nothing: it may not look")
        #expect(verdict.worst?.advice == Self.unknownToken)
        let text = Drawing(Fixture.model(snapshot), theme: .standard()).canvas(Size(width: 120, height: 35)).text
        #expect(text.contains("No node tells this program anything."))
        #expect(text.contains(Self.unknownToken))
        #expect(!text.contains("Is the address right?"))
    }

    // MARK: Primaries and replicas

    @Test func slotsWithoutAPrimaryAreDown() {
        var cluster = SlotScreens.cluster()
        cluster.shards[0].members[0].condition = .init(.bad, "failed")
        let verdict = Verdict(cluster)
        #expect(verdict.words == "down: slots 0-5460 (shard 45bc) have no primary")
        #expect(verdict.worst?.advice?.contains("fail over to 127.0.0.1:7004") == true)
    }

    @Test func aReplicaThatIsGoneLeavesTheNextCrashFatal() {
        var cluster = SlotScreens.cluster()
        cluster.shards[1].members[1].condition = .init(.bad, "failed")
        cluster.troubles = [
            Trouble(
                short: "failed", long: "127.0.0.1:7005 has failed", level: .bad, about: MemberID("127.0.0.1:7005"))
        ]
        let verdict = Verdict(cluster)
        #expect(verdict.words == "degraded: shard 2f45 has no replica left")
        #expect(verdict.findings.count == 1, "that it has failed says the same")
    }

    @Test func whatStopsKeysIsDown() {
        var cluster = SlotScreens.cluster()
        cluster.troubles = [
            Trouble(short: "open", long: "2 slots are open"),
            Trouble(short: "cluster down", long: "cluster_state:fail", level: .bad, stopsKeys: true, advice: "a"),
        ]
        #expect(Verdict(cluster).findings.map(\.words) == ["cluster_state:fail", "2 slots are open"])
        #expect(Verdict(cluster).rank == .down)
    }

    @Test func aClusterThatHasNoReplicasAtAllIsMeantToBeSo() {
        var cluster = SlotScreens.cluster()
        for index in cluster.shards.indices { cluster.shards[index].members.removeLast() }
        #expect(Verdict(cluster) == .ok)
        var one = SlotScreens.cluster()
        one.shards[0].members.removeLast()
        #expect(Verdict(one).words == "degraded: shard 45bc has no replica")
    }

    @Test func memoryThatIsNearlyFullIsTold() {
        var cluster = SlotScreens.cluster()
        cluster.shards[0].members[0].memoryBytes = 260_000_000
        #expect(Verdict(cluster).words == "degraded: 127.0.0.1:7001: memory nearly full")
    }

    /// A node that was not asked yet is no news.
    @Test func whatIsNotKnownYetIsNotTold() {
        var cluster = SlotScreens.cluster()
        cluster.shards[0].members[1].condition = .init(.warning, "not asked yet")
        cluster.shards[0].members[1].hasAnswered = false
        #expect(Verdict(cluster) == .ok)
    }
}
