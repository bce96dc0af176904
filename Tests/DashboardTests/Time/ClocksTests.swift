import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// The nodes' clocks may be wrong, and this machine's may be set: no age and no stall is said for that.
@Suite struct ClocksTests {
    private let hour: UInt64 = 3_600_000

    private func text(_ model: DashboardModel) -> String {
        Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 45)).text
    }

    private enum Wrong: CaseIterable { case behind, ahead, far }

    private func shifted(_ reshard: ReshardProgress, _ wrong: Wrong) -> ReshardProgress {
        var reshard = reshard
        func shift(_ value: UInt64) -> UInt64 {
            switch wrong {
            case .behind: value - hour
            case .ahead: value + hour
            case .far: value + 20_000 - Fixture.start
            }
        }
        reshard.startedMilliseconds = shift(reshard.startedMilliseconds)
        reshard.lastProgressMilliseconds = shift(reshard.lastProgressMilliseconds)
        reshard.finishedMilliseconds = reshard.finishedMilliseconds.map(shift)
        return reshard
    }

    private func poll(_ model: inout DashboardModel, _ reshard: ReshardProgress?, at milliseconds: UInt64) {
        let snapshot = Fixture.snapshot(
            layout: Fixture.two, keys: [5_013, 4_987], reshard: reshard, at: Fixture.start + milliseconds)
        _ = model.reduce(.snapshot(snapshot, .full))
    }

    @Test(arguments: [0, 1, 2])
    func aRunningReshardOfACoordinatorWithAWrongClockIsNotStalled(wrong: Int) {
        let wrong = Wrong.allCases[wrong]
        var model = Fixture.model(nil)
        for number in 0..<5 {
            var reshard = Fixture.reshard(.broadcast)
            reshard.lastProgressMilliseconds += UInt64(number) * 1_000
            poll(&model, shifted(reshard, wrong), at: UInt64(number) * 1_000)
            #expect(!text(model).contains("no progress"))
        }
        #expect(text(model).contains("10.4 s"), "6.4 s when it was seen first, and 4 since: \(text(model))")
        _ = model.reduce(.tick(milliseconds: Fixture.start + 7_500))
        #expect(text(model).contains("no progress for 3 s"))
    }

    @Test(arguments: [0, 1, 2])
    func theReportOfAReshardThatWasSeenStaysAsLongAsItIsLookedAt(wrong: Int) {
        let wrong = Wrong.allCases[wrong]
        var model = Fixture.model(nil)
        poll(&model, nil, at: 0)
        poll(&model, shifted(Fixture.reshard(.broadcast), wrong), at: 1_000)
        poll(&model, shifted(Fixture.reshard(.done), wrong), at: 2_000)
        #expect(model.shownChange?.isDone == true)
        // By the dashboard's own clock, whatever the node's says.
        let ended = model.changeWatch?.endedMilliseconds ?? 0
        #expect((Fixture.start - 2_000...Fixture.start + 2_000).contains(ended))
        #expect(text(model).contains("in 6.3 s"), "both ends by one clock")
    }

    @Test func figuresOfANodeThatAreNoTimesEndNothing() {
        var model = Fixture.model(nil)
        var reshard = Fixture.reshard(.freeze)
        (reshard.startedMilliseconds, reshard.lastProgressMilliseconds) = (0, .max)
        poll(&model, reshard, at: 0)
        #expect(text(model).contains("freeze"))
        reshard = Fixture.reshard(.done)
        (reshard.startedMilliseconds, reshard.finishedMilliseconds) = (0, .max)
        reshard.operation = "other"
        poll(&model, reshard, at: 1_000)
        #expect(text(model).contains("changed shard"))
        let event = ClusterModel.Event(
            sequence: 1, milliseconds: .max, kind: .serving, node: nil, text: "an event", recordedBy: Fixture.node(1))
        _ = model.reduce(.events([event, event]))
        #expect(text(model).contains("an event"))
    }

    @Test func eventsStandInTheOrderInWhichTheyWereRead() {
        var model = Fixture.model(nil)
        func event(_ text: String, at milliseconds: UInt64, by node: Int) -> ClusterModel.Event {
            ClusterModel.Event(
                sequence: 1, milliseconds: milliseconds, kind: .serving, node: nil, text: text,
                recordedBy: Fixture.node(node))
        }
        poll(&model, nil, at: 0)
        _ = model.reduce(
            .events([event("first.", at: Fixture.start + 900, by: 1)], atMilliseconds: Fixture.start + 1_000))
        poll(&model, nil, at: 1_000)
        // One clock an hour behind, one an hour ahead.
        _ = model.reduce(
            .events([event("second.", at: Fixture.start - hour, by: 2)], atMilliseconds: Fixture.start + 10_000))
        poll(&model, nil, at: 10_000)
        _ = model.reduce(
            .events([event("third.", at: Fixture.start + hour, by: 3)], atMilliseconds: Fixture.start + 20_000))
        _ = model.reduce(.tick(milliseconds: Fixture.start + 20_500))
        model.note("fourth.")
        // The second is held to when its node was read before, which is when the first was.
        #expect(model.eventLines.map(\.text).suffix(2) == ["third.", "you: fourth."])
        #expect(model.eventLines.map(\.milliseconds).allSatisfy { $0 + 2_000 >= Fixture.start })
        #expect(model.eventLines.map(\.milliseconds).allSatisfy { $0 <= Fixture.start + 20_500 })
    }
}
