import ClusterModel
import ShardClient
import ShardCore
import TerminalUI
import Testing

@testable import Dashboard

/// What is said of each state, in plain words.
@Suite struct NarrationTests {
    private func narration(_ model: DashboardModel) -> Narration {
        atOnce(PresenterScreens.afterTheSwitch(model))
    }

    private func atOnce(_ model: DashboardModel) -> Narration {
        var drawing = Drawing(model, theme: .standard())
        drawing.useLetters()
        return drawing.narration
    }

    private func narration(_ phase: ReshardProgress.Phase) -> Narration {
        narration(GoldenScreens.migrating(phase))
    }

    @Test func atRestItSaysWhatAShardIsAndWhichKeyStartsAChange() {
        let narration = narration(GoldenScreens.calm())
        #expect(narration.word == "at rest" && narration.place == nil)
        #expect(
            narration.sentence
                == "The 10,000 keys are divided into 2 shards. Each key is on 3 nodes: if one fails, the others go on."
                + " Press r to change how many shards there are.")
    }

    @Test func whoMayNotChangeItIsNotToldAKeyForIt() {
        var model = DashboardModel(name: "demo", isReadOnly: true)
        _ = model.reduce(.snapshot(Fixture.snapshot(layout: Fixture.two, keys: [1, 1]), .full))
        #expect(!narration(model).sentence.contains("Press r"))
    }

    @Test(arguments: [
        (ReshardProgress.Phase.check, 1, "ask", "check"), (.collate, 2, "read", "collate"),
        (.rebalance, 3, "deal", "rebalance"), (.broadcast, 4, "copy", "broadcast"), (.freeze, 5, "switch", "freeze"),
    ])
    func everyStepHasAPlainWordBesideItsTerm(phase: ReshardProgress.Phase, number: Int, word: String, term: String) {
        let narration = narration(phase)
        #expect(narration.word == word && narration.term == term)
        #expect(narration.place?.number == number && narration.place?.count == 6)
    }

    @Test func theStepsSayWhatHappensAndWhy() {
        #expect(
            narration(.check).sentence
                == "2 shards become 3, so that each node holds fewer keys. All nodes are asked to take part; "
                + "at least 6 are needed, so that no key hangs on a single one.")
        #expect(narration(.collate).sentence.contains("First node A lists all keys, from one node of each shard"))
        #expect(
            narration(.rebalance).sentence.hasSuffix(
                "any node can work it out alone. Seeds 0 to 7 fail, seed 8 is taken."))
        #expect(
            narration(.broadcast).sentence
                == "Each key will be on 2 nodes, not 3. Node A sends what nodes lack, also what clients write meanwhile; "
                + "until the switch, the old shards serve.")
        #expect(narration(.freeze).sentence.contains("Reads go on"))
    }

    @Test func aSearchThatFoundNothingYetSaysWhatASeedIs() {
        var reshard = Fixture.reshard(.rebalance)
        (reshard.seed, reshard.keysRebalanced) = (nil, 0)
        let model = Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [1, 1], reshard: reshard))
        #expect(narration(model).sentence.contains("A number, the seed, mixed with a name"))
    }

    /// It takes milliseconds, and is the moment for which clients wait.
    @Test func theSwitchIsToldForAMomentAfterIt() throws {
        let reading = try #require(GoldenScreens.all["reading-back"])
        #expect(atOnce(reading).word == "switched")
        #expect(
            atOnce(reading).sentence
                == "All nodes use the new shards from one moment on. Writes waited 11 ms for it, reads went on.")
        let unclean = try #require(GoldenScreens.all["not-clean"])
        #expect(atOnce(unclean).word == "not clean", "what is wrong waits for nothing")
    }

    /// "Done" comes after the checks, never before.
    @Test func doneIsSaidWhenAllWasLookedAt() throws {
        let reading = try #require(GoldenScreens.all["reading-back"])
        #expect(narration(reading).word == "verify")
        #expect(
            narration(reading).sentence
                == "All nodes have switched to the new shards: writes waited 11 ms for that, reads went on. "
                + "Before anybody says done, this dashboard reads the keys back.")
        let proved = try #require(PresenterScreens.all["proved"])
        #expect(narration(proved).word == "done" && narration(proved).level == .good)
        #expect(
            narration(proved).sentence
                == "Every key was read back and found where it belongs, and no client saw an error. "
                + "Each key is on 2 nodes now (3 before): if one fails, the other goes on.")
    }

    @Test func whatWasNotLookedAtIsNotClaimed() throws {
        #expect(narration(GoldenScreens.ended()).sentence.hasPrefix("All that was looked at is as it should be. Each"))
        var model = GoldenScreens.ended(demo: DemoState())
        let operation = Fixture.reshard(.done).operation
        _ = model.reduce(.readBack(operation: operation, KeyCheck(asked: 500, total: 10_000)))
        #expect(
            narration(model).sentence.hasPrefix("A sample of the keys was read back and found where it belongs. Each"))
        let unclean = try #require(GoldenScreens.all["not-clean"])
        #expect(narration(unclean).word == "not clean" && narration(unclean).level == .bad)
        let unchecked = try #require(GoldenScreens.all["slots-report"])
        #expect(narration(unchecked).word == "not all checked" && narration(unchecked).level == .warning)
    }

    @Test func errorsOfClientsAreTold() {
        var model = PresenterScreens.underTraffic()
        _ = model.reduce(.demo(PresenterScreens.traffic(7_000, errors: 3)))
        _ = model.reduce(
            .snapshot(
                Fixture.snapshot(
                    layout: Fixture.three, keys: [3_392, 3_301, 3_307], reshard: Fixture.reshard(.done), epoch: 2),
                .full))
        _ = model.reduce(
            .readBack(operation: Fixture.reshard(.done).operation, KeyCheck(asked: 10_000, total: 10_000)))
        #expect(narration(model).sentence.contains("where it belongs. 3 requests failed. Each"))
    }

    @Test func troublesAreNamedByLettersAndInWords() throws {
        let failed = try #require(GoldenScreens.all["failed"])
        #expect(narration(failed).word == "failed")
        #expect(narration(failed).sentence.contains("E went down during it."))
        let stalled = try #require(GoldenScreens.all["stalled"])
        #expect(narration(stalled).sentence.hasPrefix("No progress for "))
        let dead = Fixture.model(
            Fixture.snapshot(
                layout: Fixture.two, keys: [5, 5], twists: [2: .init(isReachable: false, health: .down)]))
        #expect(narration(dead).sentence == "Node B is down: shard 0 has 2 of 3 nodes left.")
    }

    @Test func aSpareThatIsDownIsSaidToTakeNoKeyWithIt() {
        let spare = Fixture.Twist(isReachable: false, health: .down)
        let model = Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [5, 5], twists: [7: spare], joiners: [7]))
        #expect(atOnce(model).sentence == "Node G is down: it is in no shard, and no key is missing.")
    }

    @Test func nodesThatRefuseAreNotSaidToBeSilent() {
        let refusing = ClusterSnapshot.Node(address: Fixture.node(1), problem: "answered 401", isRefusing: true)
        let narration = atOnce(
            Fixture.model(ClusterSnapshot(takenMilliseconds: Fixture.start, nodes: [refusing])))
        #expect(narration.word == "refused" && narration.sentence.contains("tell this program nothing"))
    }

    @Test func slotsAreExplained() throws {
        let moving = try #require(GoldenScreens.all["slots-moving"])
        #expect(narration(moving).word == "move" && narration(moving).term == "migrate")
        #expect(narration(moving).sentence.contains("16,384 fixed slots; a slot moves with all its keys"))
    }

    @Test func theOrdinaryViewTellsAsMuchAsFits() throws {
        let model = GoldenScreens.migrating(.broadcast)
        let canvas = Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35))
        #expect(
            canvas.line(1).hasPrefix("─ copy: Each key will be on 2 nodes, not 3. ──"))
        #expect(Drawing(GoldenScreens.calm(), theme: .standard()).canvas(canvas.size).line(1).allSatisfy { $0 == "─" })
    }

    @Test(arguments: [
        (30, "One. Two two." as String?), (13, "One. Two two."), (12, "One."), (4, "One."), (3, nil),
    ])
    func sentencesAreNotCut(width: Int, shown: String?) {
        #expect(Narration("copy", "One. Two two.").sentence(width: width) == shown)
    }

    @Test func everySentenceIsShort() {
        for (name, model) in PresenterScreens.all {
            let narration = narration(model)
            #expect(narration.sentence.count <= 230, "\(name): \(narration.sentence)")
            #expect([".", "'"].contains(narration.sentence.suffix(1)), "\(name): \(narration.sentence)")
        }
    }
}
