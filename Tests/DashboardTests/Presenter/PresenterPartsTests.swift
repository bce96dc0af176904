import ClusterModel
import ShardClient
import ShardCore
import TerminalUI
import Testing

@testable import Dashboard

@Suite struct PresenterPartsTests {
    @Test(arguments: [
        ([2, 2, 2], 6, String?.none), ([4, 2, 0], 6, "shard 2 would have no node; each needs two"),
        ([3, 2, 1], 6, "shard 2 would have only one; each needs two"),
        ([4, 1, 1], 6, "shards 1 and 2 would have fewer than two nodes"),
        ([0, 3, 0], 6, "shards 0 and 2 need 4 more, and 3 are left"),
        ([1, 4, 0], 6, "shards 0 and 2 need 3 more, and 1 is left"),
        ([5, 2, 0], 8, "shard 2 could get 1 at most; each needs two"),
        ([6, 0, 0, 0, 0], 10, "shards 1, 2, 3 and others need 8 more, and 4 are left"),
    ])
    func whyADealWasThrownAwayIsSaid(deal: [Int], nodes: Int, words: String?) {
        let attempt = Change.Attempts.Attempt(seed: 3, deal: deal, isBalanced: words == nil)
        #expect(attempt.refusal(nodes: nodes) == words)
    }

    /// Where it is known who goes where, nothing is left to be dealt.
    @Test func ofAWholeDealTheReasonIsWhatItCameTo() {
        var attempt = Change.Attempts.Attempt(seed: 3, deal: [0, 3, 0], isBalanced: false)
        attempt.nodes = [["a:1"], ["b:1", "c:1", "d:1"], ["e:1", "f:1"]]
        #expect(attempt.refusal(nodes: 6) == "shard 0 would have only one; each needs two")
    }

    @Test func nodesAreLettersInTheOrderOfTheirNumbers() {
        let nodes = (1...30).map { MemberID("10.0.0.\($0):8081") }
        let letters = NodeLabels(lettersOf: Set(nodes))
        #expect([0, 1, 8, 9, 25, 26, 29].map { letters[nodes[$0]] } == ["A", "B", "I", "J", "Z", "AA", "AD"])
        #expect(letters.shortened("10.0.0.2:8081 is down, and (10.0.0.30:8081)") == "B is down, and (AD)")
    }

    /// Two nodes that come from one shard bring its keys along: nothing of those is copied.
    @Test func whatANodeHadIsToldApartFromWhatWasCopied() throws {
        var change = Change(Fixture.reshard(.broadcast))
        let holdings = Holdings(change)
        #expect(holdings.copies?.all == 20_000 && holdings.copies?.had == 1_690 + 2 * 1_661 + 1_702 + 2 * 1_645)
        #expect(holdings.moving == 1_661 + 1_662 + 1_702 + 1_645 && holdings.staying == 1_690 + 1_640)
        let node5 = try #require(holdings.shards[2].nodes.first { $0.member == Fixture.node(5) })
        #expect(node5.had == 1_645 && node5.total == 1_662 + 1_645)
        #expect(abs(node5.copied - 680.0 / 1_700) < 0.001)
        #expect(node5.fraction > node5.hadFraction && node5.fraction < 1)
        // Who lacks nothing is full from the start.
        change.parts[0].planned = 0
        #expect(Holdings(change).shards[0].nodes.first { $0.member == Fixture.node(1) }?.fraction == 1)
    }

    /// What falls into a node's tank has the colour of the shard that it is of, where that is one.
    @Test func theSourceOfWhatANodeLacksIsNamedIfItIsOneShard() {
        var change = Change(Fixture.reshard(.broadcast))
        func sources() -> [[ShardID?]] { Holdings(change).shards.map { $0.nodes.map(\.source) } }
        for (part, source) in zip(Holdings(change).shards.flatMap(\.nodes), sources().flatMap { $0 }) {
            let from = change.parts.first { $0.member == part.member }?.from
            #expect(source == (from == 0 ? 1 : 0), "\(part.member)")
        }
        for index in change.parts.indices { change.parts[index].from = nil }
        #expect(sources().flatMap { $0 }.allSatisfy { $0 == nil })
    }

    @Test func copiesBeforeAndAfterAreCounted() {
        let change = Change(Fixture.reshard(.broadcast))
        let counts = CopyCounts(change, Cluster(takenMilliseconds: 0))
        #expect(counts.before == 3...3 && counts.after == 2...2)
        #expect(CopyCounts.words(2...2) == "2" && CopyCounts.words(2...3) == "2 to 3")
    }

    @Test func clientsOfAChangeAreCountedFromItsBeginningToItsEnd() throws {
        var model = PresenterScreens.underTraffic()
        let clients = try #require(model.clientsOfShownChange)
        #expect(clients.operations == 540 && clients.errors == 0 && clients.slowestMicroseconds == 33_400)
        _ = model.reduce(
            .snapshot(
                Fixture.snapshot(
                    layout: Fixture.three, keys: [1, 1, 1], reshard: Fixture.reshard(.done), epoch: 2), .full))
        // What waited for the switch is told by the first look after it.
        _ = model.reduce(.demo(PresenterScreens.traffic(6_000, slowest: 50_000, errors: 1)))
        _ = model.reduce(.demo(PresenterScreens.traffic(9_000, slowest: 90_000, errors: 4)))
        let all = try #require(model.clientsOfShownChange)
        #expect(all.operations == 1_000 && all.errors == 1 && all.slowestMicroseconds == 50_000)
    }

    @Test func trafficThatBeginsAnewCountsFromNothing() {
        var clients = ClientsOfChange(
            Change(Fixture.reshard(.collate)),
            since: ClientTraffic(operationsPerSecond: 1, errors: 7, operations: 900))
        clients.add(ClientTraffic(operationsPerSecond: 1, errors: 1, operations: 40), isOver: false)
        #expect(clients.operations == 40 && clients.errors == 1)
    }

    @Test func theViewIsOnAKeyAndBack() {
        var model = GoldenScreens.calm()
        _ = model.reduce(.key(.character("V")))
        #expect(model.isPresenting)
        let text = Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35)).text
        #expect(text.contains("V all figures"))
        _ = model.reduce(.key(.character("V")))
        #expect(!model.isPresenting)
    }
}
