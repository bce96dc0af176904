import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// What a report calls clean.
@Suite struct ReportTests {
    private func text(_ model: DashboardModel) -> String {
        Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 45)).text
    }

    private func done(_ keys: [Int], twists: [Int: Fixture.Twist] = [:], operations: Double = 0) -> Action {
        .snapshot(
            Fixture.snapshot(
                layout: Fixture.three, keys: keys, twists: twists, reshard: Fixture.reshard(.done), epoch: 2,
                operations: operations), .full)
    }

    @Test func moreKeysThanBeforeAreNotCleanUnlessClientsWrote() {
        #expect(text(GoldenScreens.ended(keys: [3_393, 3_301, 3_307])).contains("not clean"))
        var model = GoldenScreens.calm()
        _ = model.reduce(
            .snapshot(
                Fixture.snapshot(
                    layout: Fixture.two, keys: [5_013, 4_987], reshard: Fixture.reshard(.broadcast), operations: 3),
                .full))
        _ = model.reduce(done([3_393, 3_301, 3_307]))
        #expect(text(model).contains("after 10,001 (clients wrote meanwhile)"))
        #expect(text(model).contains("✓ clean"))
    }

    /// A reshard that no poll saw running: the count of the poll before is the count before.
    @Test func whatWasOverBetweenTwoPollsIsCheckedInFull() {
        var model = GoldenScreens.calm()
        _ = model.reduce(.demo(DemoState()))
        #expect(model.reduce(done([3_392, 3_301, 3_307])) == [.readBack(operation: Fixture.reshard(.done).operation)])
        #expect(text(model).contains("keys before 10,000, after 10,000"))
        #expect(text(model).contains("checking") && !text(model).contains("✓ clean"))
        _ = model.reduce(
            .readBack(operation: Fixture.reshard(.done).operation, KeyCheck(asked: 10_000, total: 10_000)))
        #expect(text(model).contains("✓ clean"))
    }

    @Test func withoutACheckItIsNotClean() {
        // It was over when the dashboard came.
        let late = Fixture.model(
            Fixture.snapshot(
                layout: Fixture.three, keys: [3_392, 3_301, 3_307], reshard: Fixture.reshard(.done), epoch: 2))
        #expect(text(late).contains("keys before: not counted, it was over before this dashboard looked"))
        #expect(text(late).contains("not all checked") && !text(late).contains("✓ clean"))
        // Nobody could read the keys back.
        var unread = GoldenScreens.ended(demo: DemoState())
        _ = unread.reduce(.readBack(operation: Fixture.reshard(.done).operation, nil))
        #expect(text(unread).contains("keys not read back") && text(unread).contains("not all checked"))
        // Nobody could count them before: a shard was down.
        var uncounted = Fixture.model(
            Fixture.snapshot(
                layout: Fixture.two, keys: [5_013, 4_987],
                twists: Dictionary(uniqueKeysWithValues: (4...6).map { ($0, .init(isReachable: false)) })))
        _ = uncounted.reduce(done([3_392, 3_301, 3_307]))
        #expect(text(uncounted).contains("keys before: not counted, nobody could tell then"))
        #expect(!text(uncounted).contains("✓ clean"))
    }

    /// Seen first in the middle, it is the old layout that was counted.
    @Test func whatWasSeenUnderTheNewLayoutIsNoCountBefore() {
        var model = Fixture.model(nil)
        _ = model.reduce(done([3_392, 3_301, 3_307]))
        _ = model.reduce(done([3_392, 3_301, 3_307]))
        #expect(model.keysOfChange == nil)
        #expect(!text(model).contains("keys before 10,000"))
    }

    @Test func aCheckOfKeysThatAreStillLoadedIsMissing() {
        var model = GoldenScreens.calm()
        _ = model.reduce(.demo(DemoState(loading: .init(done: 3, total: 9))))
        #expect(model.reduce(done([3_392, 3_301, 3_307])) == [])
        #expect(text(model).contains("keys not read back: they are not all loaded yet"))
        _ = model.reduce(.demo(DemoState()))
        #expect(model.reduce(done([3_392, 3_301, 3_307])).count == 1, "now they can be")
    }

    @Test func whatClientsDoLaterDoesNotTurnItRed() {
        var model = GoldenScreens.ended()
        _ = model.reduce(done([3_000, 3_000, 3_000]))
        #expect(text(model).contains("keys before 10,000, after 10,000"))
        #expect(text(model).contains("✓ clean"))
    }

    @Test func aMemberThatIsDownIsNamed() {
        let model = GoldenScreens.ended(twists: [4: .init(isReachable: false, health: .down)])
        #expect(text(model).contains("10.0.0.4:8081 is down"))
        #expect(text(model).contains("not clean"))
    }

    @Test func whatWasReadBackInFullIsNeitherDoubledNorMisplaced() {
        var model = GoldenScreens.ended(demo: DemoState())
        let operation = Fixture.reshard(.done).operation
        _ = model.reduce(.readBack(operation: operation, KeyCheck(asked: 10_000, total: 10_000)))
        #expect(text(model).contains("all 10,000 keys read back: none lost, in two shards or misplaced"))
        _ = model.reduce(.readBack(operation: operation, KeyCheck(asked: 9_000, total: 9_000)))
        #expect(!text(model).contains("none doubled"), "there are more keys than were read")
        let sample = KeyCheck(asked: 1_000, total: 10_000, way: "each from its owner")
        _ = model.reduce(.readBack(operation: operation, sample))
        #expect(text(model).contains("a sample of 1,000 of 10,000 keys read back, each from its owner: none lost"))
    }

    @Test func aReportOfLongAgoIsNoNews() {
        var old = Fixture.reshard(.done)
        old.finishedMilliseconds = Fixture.start - 61_000
        let snapshot = Fixture.snapshot(layout: Fixture.three, keys: [1, 1, 1], reshard: old, epoch: 2)
        #expect(Fixture.model(snapshot).shownChange == nil)
        old.finishedMilliseconds = Fixture.start - 59_000
        let news = Fixture.snapshot(layout: Fixture.three, keys: [1, 1, 1], reshard: old, epoch: 2)
        #expect(Fixture.model(news).shownChange != nil)
    }

    @Test func itSaysWhenItEnded() {
        #expect(text(GoldenScreens.ended()).contains("ended 22:13:19"))
    }
}
