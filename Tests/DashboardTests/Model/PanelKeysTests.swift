import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// Keys in the panels: the selection, what scrolls, and a frozen screen.
@Suite struct PanelKeysTests {
    private let size = Size(width: 80, height: 24)

    private func model(reshard: ReshardProgress? = nil) -> DashboardModel {
        Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [50, 50], reshard: reshard))
    }

    private func canvas(_ model: DashboardModel) -> Canvas { Drawing(model, theme: .standard()).canvas(size) }

    /// What the runner tells after a frame.
    private func draw(_ model: inout DashboardModel) {
        let known = canvas(model).overflow.compactMap { target, lines in
            (target.value as? Place).map { ($0, lines) }
        }
        _ = model.reduce(.drawn(overflow: Dictionary(known) { first, _ in first }))
    }

    private func events(_ numbers: Range<Int>) -> [ClusterModel.Event] {
        numbers.map { number in
            ClusterModel.Event(
                sequence: UInt64(number), milliseconds: Fixture.start + UInt64(number) * 5_000, kind: .serving,
                node: Fixture.node(1), text: "event number \(number).", recordedBy: Fixture.node(1))
        }
    }

    // MARK: Events

    @Test func theFirstEventsAreReachedAndTheLastAgain() {
        var model = model()
        _ = model.reduce(.events(events(0..<40)))
        _ = model.reduce(.key(.tab))
        _ = model.reduce(.key(.character("g")))
        draw(&model)
        #expect(canvas(model).text.contains("event number 0."))
        let most = model.eventScroll
        #expect(most > 0 && most < 40, "the first page is full")
        _ = model.reduce(.key(.down))
        #expect(model.eventScroll == most - 1)
        _ = model.reduce(.key(.character("G")))
        #expect(model.eventScroll == 0)
        #expect(canvas(model).text.contains("event number 39."))
    }

    @Test func whatIsReadStaysWhenMoreComes() {
        var model = model()
        _ = model.reduce(.events(events(0..<40)))
        _ = model.reduce(.key(.tab))
        _ = model.reduce(.key(.pageUp))
        draw(&model)
        let before = canvas(model).text
        #expect(before.contains("event number 29."))
        _ = model.reduce(.events(events(40..<45) + events(40..<45)))
        #expect(model.eventScroll == 15, "what two nodes say is one line")
        #expect(canvas(model).text.contains("event number 29."))
    }

    @Test func theLogAloneScrolls() {
        var model = model()
        for number in 0..<30 { model.note("line \(number).") }
        _ = model.reduce(.key(.tab))
        _ = model.reduce(.key(.character("g")))
        draw(&model)
        #expect(canvas(model).text.contains("line 0."))
    }

    @Test func eventsThatAllNodesSayAlikeLeaveNoEmptyPanel() {
        var model = model()
        let alike = (0..<60).map { number in
            ClusterModel.Event(
                sequence: UInt64(number), milliseconds: Fixture.start, kind: .nodeDown, node: Fixture.node(5),
                text: "it is down", recordedBy: Fixture.node(number % 6 + 1))
        }
        _ = model.reduce(.events(alike))
        _ = model.reduce(.key(.tab))
        _ = model.reduce(.key(.character("g")))
        #expect(canvas(model).text.contains("it is down"))
    }

    // MARK: Selection and migration

    @Test func theChosenNodeIsSeenFromEveryPanel() {
        var model = model(reshard: Fixture.reshard(.broadcast))
        for pane in [DashboardModel.Pane.shards, .migration, .events] {
            #expect(model.pane == pane)
            #expect(canvas(model).text.contains("▌● 10.0.0.1:8081"))
            _ = model.reduce(.key(.tab))
        }
    }

    @Test func arrowsInTheMigrationScrollItAndLeaveTheSelection() {
        var model = Fixture.model(
            Fixture.snapshot(
                layout: (0..<50).map { [2 * $0 + 1, 2 * $0 + 2] }, keys: Array(repeating: 9, count: 50),
                reshard: Fixture.largeReshard()))
        _ = model.reduce(.key(.tab))
        _ = model.reduce(.key(.down))
        _ = model.reduce(.key(.pageDown))
        draw(&model)
        #expect(model.migrationScroll == 11)
        #expect(model.selection == 0)
        #expect(canvas(model).text.contains("12 to "))
        _ = model.reduce(.key(.end))
        draw(&model)
        #expect(canvas(model).text.contains(" to 100 of 100"))
        #expect(model.migrationScroll < 100)
    }

    @Test func aReportIsReadToItsEndOnASmallScreen() {
        var model = GoldenScreens.ended()
        let small = Size(width: 40, height: 12)
        func text() -> String { Drawing(model, theme: .standard()).canvas(small).text }
        #expect(!text().contains("Esc puts"))
        _ = model.reduce(.key(.tab))
        _ = model.reduce(.key(.end))
        #expect(text().contains("Esc puts this away."))
    }

    // MARK: Frozen

    @Test func aFrozenScreenHoldsEventsTimeAndWhatTheDemoTells() {
        var model = model()
        _ = model.reduce(.demo(DemoState()))
        _ = model.reduce(.key(.character("f")))
        let before = canvas(model).text
        _ = model.reduce(.events(Fixture.events))
        _ = model.reduce(.tick(milliseconds: Fixture.start + 60_000))
        _ = model.reduce(.demo(DemoState(paused: [Fixture.node(1)])))
        #expect(canvas(model).text == before)
        #expect(before.contains("FROZEN"))
        #expect(!before.contains("STALE"))
        #expect(
            model.reduce(.key(.character("p"))) == [.pause(Fixture.node(1), isPaused: false)],
            "what is known decides, not what is shown")
        #expect(model.reduce(.key(.character("f"))) == [.poll(everyMilliseconds: 1_000)])
        #expect(model.events == Fixture.events)
        #expect(model.nowMilliseconds == Fixture.start + 60_000)
        #expect(model.demo?.paused == Set<MemberID>([Fixture.node(1)]))
        #expect(model.held == DashboardModel.Held())
    }

    @Test func dotsStandStillOnAFrozenScreen() {
        var model = Fixture.moving(.broadcast)
        _ = model.reduce(.key(.character("f")))
        let before = canvas(model).text
        _ = model.reduce(.tick(milliseconds: model.nowMilliseconds + 200))
        #expect(canvas(model).text == before)
        #expect(!model.isAnimated)
    }

    // MARK: Others

    @Test func theEqualsSignIsAPlusWithoutShift() {
        var model = model()
        #expect(model.reduce(.key(.character("="))) == [.poll(everyMilliseconds: 500)])
    }

    @Test func endGoesToTheLastNode() {
        var model = model()
        _ = model.reduce(.key(.end))
        #expect(model.selection == 5)
        _ = model.reduce(.key(.pageUp))
        #expect(model.selection == 0)
    }

    @Test(arguments: [("paused", [2]), ("shard 1", [4, 5, 6]), ("catching", [3]), ("down", [])])
    func theFilterKnowsConditionsAndShards(text: String, lit: [Int]) {
        var model = Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [50, 50], twists: [3: .init(state: .catchingUp)]))
        _ = model.reduce(.demo(DemoState(paused: [Fixture.node(2)])))
        _ = model.reduce(.key(.character("/")))
        for character in text { _ = model.reduce(.key(.character(character))) }
        #expect(model.digest.groups.flatMap(\.members).map(\.address) == lit.map(Fixture.node))
    }

    @Test func nothingMovesWhenTrafficComesAndGoes() {
        func frame(_ operations: Double) -> [String] {
            let model = Fixture.model(
                Fixture.snapshot(layout: Fixture.two, keys: [5_013, 4_987], operations: operations))
            let canvas = canvas(model)
            return (0..<size.height).map { row in
                // Where panels and members are, their figures aside.
                String(canvas.line(row).prefix(20).filter { "╭╰│●1.0:8".contains($0) })
            }.filter { $0.contains("╭") || $0.contains("╰") || $0.contains("●") || $0.isEmpty }
        }
        #expect(frame(0) == frame(900))
    }
}
