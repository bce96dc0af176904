import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// Every key, with what it changes and what it wants done.
@Suite struct ReduceTests {
    private func model(_ capabilities: ClusterCapabilities = .full, reshard: ReshardProgress? = nil) -> DashboardModel {
        Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [50, 50], reshard: reshard, joiners: [7]),
            capabilities: capabilities)
    }

    @Test func qAndControlCQuit() {
        var model = model()
        #expect(model.reduce(.key(.character("q"))) == [.quit])
        _ = model.reduce(.key(.character("?")))
        #expect(model.reduce(.key(.control("c"))) == [.quit], "also from within a dialog")
    }

    @Test func rAsksWhatTheNextCountWouldDoAndStartsNothingUntilConfirmed() {
        var model = model()
        #expect(model.reduce(.key(.character("r"))) == [.plan(shardCount: 3)])
        #expect(model.overlay == .reshard(ReshardDialog(shardCount: 3, plan: .asking)))
        #expect(model.reduce(.planned(shardCount: 3, Fixture.plan)) == [])
        #expect(model.overlay == .reshard(ReshardDialog(shardCount: 3, plan: .ready(Plan(Fixture.plan)))))
        #expect(model.reduce(.key(.enter)) == [], "Cancel has the focus")
        #expect(model.overlay == nil)
    }

    @Test func theSecondButtonStartsTheReshard() {
        var model = model()
        _ = model.reduce(.key(.character("r")))
        _ = model.reduce(.key(.tab))
        #expect(model.reduce(.key(.enter)) == [], "nobody has seen yet what it would do")
        #expect(
            model.overlay == .reshard(ReshardDialog(shardCount: 3, plan: .asking, isConfirming: true, isTooEarly: true))
        )
        _ = model.reduce(.planned(shardCount: 3, Fixture.plan))
        #expect(model.reduce(.key(.enter)) == [.reshard(shardCount: 3, seen: Fixture.plan)])
        #expect(model.overlay == nil)
        #expect(model.log.last?.text == "reshard to 3 shards: started")
    }

    @Test func theShardCountIsTypedOrStepped() {
        var model = model()
        _ = model.reduce(.key(.character("r")))
        #expect(model.reduce(.key(.up)) == [.plan(shardCount: 4)])
        #expect(model.reduce(.key(.down)) == [.plan(shardCount: 3)])
        #expect(model.reduce(.key(.character("1"))) == [.plan(shardCount: 1)])
        #expect(model.reduce(.key(.character("2"))) == [.plan(shardCount: 12)])
        #expect(model.reduce(.key(.backspace)) == [.plan(shardCount: 1)])
        #expect(model.reduce(.key(.character("0"))) == [], "there are no 0 shards")
    }

    @Test func aPlanThatFailedCannotBeConfirmed() {
        var model = model()
        _ = model.reduce(.key(.character("r")))
        _ = model.reduce(.planFailed(shardCount: 3, "not enough nodes"))
        _ = model.reduce(.key(.tab))
        #expect(model.reduce(.key(.enter)) == [])
    }

    @Test func anAnswerToAnEarlierQuestionIsDropped() {
        var model = model()
        _ = model.reduce(.key(.character("r")))
        _ = model.reduce(.key(.up))
        _ = model.reduce(.planned(shardCount: 3, Fixture.plan))
        #expect(model.overlay == .reshard(ReshardDialog(shardCount: 4, plan: .asking)))
    }

    @Test func whatTheSourceCannotDoIsNotOffered() {
        var model = model(
            ClusterCapabilities(
                canReshard: false, canPlan: false, canAbort: false, hasEvents: false, canLocate: false,
                canAddMember: false))
        for key in ["r", "a", "A", "w"] { #expect(model.reduce(.key(.character(Character(key)))) == []) }
        #expect(model.overlay == nil)
    }

    @Test func withoutDryRunTheDialogSaysSoAndAsksNothing() {
        var model = model(.basic)
        #expect(model.reduce(.key(.character("r"))) == [])
        #expect(model.overlay == .reshard(ReshardDialog(shardCount: 3, plan: .none)))
    }

    @Test func aAbortsARunningReshardAfterAConfirmation() {
        var model = model(reshard: Fixture.reshard(.collate))
        #expect(model.reduce(.key(.character("r"))) == [], "one runs already")
        _ = model.reduce(.key(.character("a")))
        #expect(model.overlay == .confirmAbort(isConfirming: false))
        #expect(model.reduce(.key(.enter)) == [])
        _ = model.reduce(.key(.character("a")))
        _ = model.reduce(.key(.right))
        #expect(model.reduce(.key(.enter)) == [.abort])
    }

    @Test func pastThePointOfNoReturnAbortIsRefusedWithAWord() {
        var running = Fixture.reshard(.freeze)
        running.isAbortable = false
        var model = model(reshard: running)
        _ = model.reduce(.key(.character("a")))
        #expect(model.overlay == nil)
        #expect(model.log.last?.isProblem == true)
    }

    @Test func aJoinerIsOfferedWhenAMemberIsAdded() {
        var model = model()
        _ = model.reduce(.key(.character("A")))
        #expect(model.overlay == .addMember(AddMemberDialog(address: "10.0.0.7:8081", shard: 0, isInAddress: false)))
        _ = model.reduce(.key(.down))
        #expect(model.reduce(.key(.enter)) == [.addMember(Fixture.node(7), shard: 1)])
    }

    @Test func aKeyIsTypedAndLookedFor() {
        var model = model()
        _ = model.reduce(.key(.character("w")))
        for character in "a q" { _ = model.reduce(.key(.character(character))) }
        #expect(model.reduce(.key(.enter)) == [.locate(key: "a q")])
        _ = model.reduce(.located(Fixture.location))
        #expect(model.overlay == .locate(LocateDialog(key: "a q", answer: .asking)), "that was another key's place")
        var location = Fixture.location
        location.key = "a q"
        _ = model.reduce(.located(location))
        #expect(model.overlay == .locate(LocateDialog(key: "a q", answer: .found(KeyPlace(location, under: nil)))))
        _ = model.reduce(.key(.escape))
        #expect(model.overlay == nil)
    }

    @Test func aFrozenScreenKeepsItsDataUntilItGoesOn() {
        var model = model()
        let before = model.snapshot
        #expect(model.reduce(.key(.character("f"))) == [])
        _ = model.reduce(.snapshot(Fixture.snapshot(layout: Fixture.three, keys: [1, 2, 3]), .full))
        #expect(model.snapshot == before)
        #expect(model.reduce(.key(.character(" "))) == [.poll(everyMilliseconds: 1_000)])
        _ = model.reduce(.snapshot(Fixture.snapshot(layout: Fixture.three, keys: [1, 2, 3]), .full))
        #expect(model.overview.shards.count == 3)
    }

    @Test func theRateIsSteppedWithinItsBounds() {
        var model = model()
        #expect(model.reduce(.key(.character("+"))) == [.poll(everyMilliseconds: 500)])
        for _ in 0..<9 { _ = model.reduce(.key(.character("+"))) }
        #expect(model.pollMilliseconds == 100)
        for _ in 0..<20 { _ = model.reduce(.key(.character("-"))) }
        #expect(model.pollMilliseconds == 10_000)
    }

    @Test func theSelectionMovesAndStaysInside() {
        var model = model()
        _ = model.reduce(.key(.up))
        #expect(model.selection == 0)
        for key in [KeyEvent.down, .character("j"), .right, .character("l")] { _ = model.reduce(.key(key)) }
        #expect(model.selection == 4)
        for key in [KeyEvent.character("k"), .left, .character("h")] { _ = model.reduce(.key(key)) }
        #expect(model.selection == 1)
        _ = model.reduce(.key(.character("G")))
        #expect(model.selected?.address == Fixture.node(7))
        _ = model.reduce(.key(.character("g")))
        _ = model.reduce(.key(.pageDown))
        #expect(model.selection == 6)
        _ = model.reduce(.key(.home))
        #expect(model.selection == 0)
    }

    @Test func enterShowsTheNodeAndSItsShard() {
        var model = model()
        _ = model.reduce(.key(.enter))
        #expect(model.overlay == .node(Fixture.node(1)))
        _ = model.reduce(.key(.down))
        #expect(model.overlay == .node(Fixture.node(2)))
        _ = model.reduce(.key(.escape))
        _ = model.reduce(.key(.character("S")))
        #expect(model.overlay == .shard(0))
    }

    @Test func tabGoesRoundThePanelsAndEventsScroll() {
        var model = model()
        _ = model.reduce(.events(Fixture.events))
        _ = model.reduce(.key(.tab))
        #expect(model.pane == .events, "there is no migration to go to")
        _ = model.reduce(.key(.up))
        #expect(model.eventScroll == 1)
        _ = model.reduce(.key(.backTab))
        #expect(model.pane == .shards)
    }

    @Test func helpIsSearched() {
        var model = model()
        _ = model.reduce(.key(.character("?")))
        for character in "abort" { _ = model.reduce(.key(.character(character))) }
        #expect(model.overlay == .help(filter: "abort"))
        _ = model.reduce(.key(.backspace))
        #expect(model.overlay == .help(filter: "abor"))
        _ = model.reduce(.key(.escape))
        #expect(model.overlay == nil)
    }

    @Test func aFinishedReshardIsPutAwayByEscape() {
        var model = model(reshard: Fixture.reshard(.done))
        #expect(model.shownChange != nil)
        _ = model.reduce(.key(.escape))
        #expect(model.shownChange == nil)
    }

    @Test func whatTheUserStartedEndsInTheLog() {
        var model = model()
        _ = model.reduce(.ended(.reshard(shardCount: 3), problem: "too few nodes"))
        #expect(
            model.log.last
                == .init(milliseconds: Fixture.start, text: "reshard to 3 shards: too few nodes", isProblem: true))
    }

    @Test func theKeysBeforeAReshardAreRememberedForItsReport() {
        var model = model()
        _ = model.reduce(
            .snapshot(Fixture.snapshot(layout: Fixture.two, keys: [60, 50], reshard: Fixture.reshard(.collate)), .full))
        #expect(model.keysOfChange?.before == 100)
        _ = model.reduce(
            .snapshot(
                Fixture.snapshot(layout: Fixture.two, keys: [70, 50], reshard: Fixture.reshard(.broadcast)), .full))
        #expect(model.keysOfChange?.before == 100)
    }

    @Test func aFoundKeyIsFollowedWithEveryPollUntilEscape() {
        var model = model()
        for key in [KeyEvent.character("w")] + "user:7".map({ .character($0) }) { _ = model.reduce(.key(key)) }
        #expect(model.reduce(.key(.tab)) == [], "nothing is found yet")
        #expect(model.followed == nil)
        #expect(model.reduce(.key(.enter)) == [.locate(key: "user:7")])
        _ = model.reduce(.located(Fixture.location))
        _ = model.reduce(.key(.tab))
        #expect(model.overlay == nil)
        #expect(model.followed?.location == KeyPlace(Fixture.location, under: nil))
        let poll = Dashboard.Action.snapshot(Fixture.snapshot(layout: Fixture.two, keys: [50, 50]), .full)
        #expect(model.reduce(poll) == [.locate(key: "user:7")])
        #expect(model.reduce(poll) == [], "one question at a time")
        _ = model.reduce(.locateFailed(key: "user:7", "nobody answers"))
        #expect(model.followed?.problem == "nobody answers")
        #expect(model.reduce(poll) == [.locate(key: "user:7")])
        var moved = Fixture.location
        moved.shard = 0
        _ = model.reduce(.located(moved))
        #expect(model.followed?.problem == nil)
        #expect(model.log.last?.text == "user:7 moved from shard 1 to shard 0")
        _ = model.reduce(.key(.escape))
        #expect(model.followed == nil)
        #expect(model.reduce(poll) == [])
    }

    @Test func keysAreReadBackOnceAfterEachReshardOfADemo() {
        var model = model()
        _ = model.reduce(.demo(DemoState()))
        func see(_ phase: ReshardProgress.Phase) -> [Effect] {
            model.reduce(
                .snapshot(
                    Fixture.snapshot(layout: Fixture.two, keys: [50, 50], reshard: Fixture.reshard(phase)), .full))
        }
        let operation = Fixture.reshard(.done).operation
        #expect(see(.broadcast).isEmpty)
        #expect(see(.done) == [.readBack(operation: operation)])
        #expect(see(.done).isEmpty, "once is enough")
        #expect(text(model).contains("checking"))
        _ = model.reduce(.readBack(operation: operation, KeyCheck(asked: 110, total: 110)))
        #expect(text(model).contains("all 110 keys read back"))
        _ = model.reduce(.readBack(operation: operation, KeyCheck(asked: 90, total: 110, missing: 2, problem: "k7")))
        #expect(text(model).contains("not clean yet"))
        #expect(text(model).contains("a sample of 90 of 110 keys read back: 2 missing; k7"))
    }

    private func text(_ model: DashboardModel) -> String {
        Drawing(model, theme: .named(.dark, isASCII: false)).canvas(Size(width: 120, height: 35)).text
    }

    @Test func keysAreNotReadBackWhereTheyAreNotThisProgramsOwn() {
        var model = model(reshard: Fixture.reshard(.broadcast))
        let done = Fixture.snapshot(layout: Fixture.two, keys: [60, 50], reshard: Fixture.reshard(.done))
        #expect(model.reduce(.snapshot(done, .full)).isEmpty)
    }
}
