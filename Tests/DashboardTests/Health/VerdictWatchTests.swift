import ClusterModel
import ShardClient
import TerminalUI
import Testing

@testable import Dashboard

/// When the dashboard calls somebody.
@Suite struct VerdictWatchTests {
    private static let whole = Fixture.snapshot(layout: Fixture.two, keys: [5, 5])
    private static let hurt = Fixture.snapshot(
        layout: Fixture.two, keys: [5, 5], twists: [4: .init(isReachable: false, health: .down)])

    private func alerts(_ snapshots: [ClusterSnapshot]) -> [String] {
        var model = Fixture.model(nil)
        return snapshots.flatMap { model.reduce(.snapshot($0, .full)) }.compactMap { effect in
            if case .alert(let change) = effect { "\(change.before.rank) > \(change.after.words)" } else { nil }
        }
    }

    @Test func aChangeThatLastsIsToldOnce() {
        #expect(
            alerts([Self.whole, Self.hurt, Self.hurt, Self.hurt, Self.whole, Self.whole]) == [
                "ok > degraded: shard 1 has 2 of 3 members", "degraded > ok",
            ])
    }

    @Test func whatOnePollAloneSaysIsNotTold() {
        #expect(alerts([Self.whole, Self.hurt, Self.whole, Self.hurt, Self.whole]).isEmpty)
    }

    @Test func howItWasFoundIsNoChange() { #expect(alerts([Self.hurt, Self.hurt, Self.hurt]).isEmpty) }

    @Test func aChangeStandsAmongTheEvents() {
        var model = Fixture.model(Self.whole)
        for _ in 0..<2 { _ = model.reduce(.snapshot(Self.hurt, .full)) }
        #expect(
            model.eventLines.last?.text == "shardtop: degraded: shard 1 has 2 of 3 members (before: ok)")
        #expect(model.eventLines.last?.look == .problem)
    }

    @Test func aCommandIsToldWhatHasChanged() {
        let change = VerdictChange(before: .ok, after: Verdict(Cluster(Self.hurt)))
        #expect(
            change.environment(cluster: "demo") == [
                "SHARDTOP_CLUSTER": "demo", "SHARDTOP_RANK": "degraded",
                "SHARDTOP_VERDICT": "degraded: shard 1 has 2 of 3 members",
                "SHARDTOP_ADVICE": "start 10.0.0.4:8081 again (connection refused)",
                "SHARDTOP_RANK_BEFORE": "ok", "SHARDTOP_VERDICT_BEFORE": "ok",
            ])
    }

    @Test func whereTheCommandFailedThatIsSaidAndItsEndIsNot() {
        var model = Fixture.model(Self.whole)
        let effect = Effect.alert(VerdictChange(before: .ok, after: .ok))
        _ = model.reduce(.ended(effect, problem: nil))
        #expect(model.log.isEmpty)
        _ = model.reduce(.ended(effect, problem: "it ended with status 3"))
        #expect(model.log.last?.text == "the command for alerts: it ended with status 3")
    }

    // MARK: On the screen

    @Test(arguments: [40, 80, 120])
    func theHeaderSaysWhatIsWorstAndBelowItWhatToDo(width: Int) {
        let canvas = Drawing(Fixture.model(Self.hurt), theme: .standard()).canvas(Size(width: width, height: 35))
        #expect(canvas.line(0).contains("shard 1 has 2 of 3 members"))
        #expect(canvas.line(1).contains("start 10.0.0.4:8081 again"))
    }

    @Test(arguments: [80, 120])
    func aSpareThatIsDownIsNamedBelowTheHeader(width: Int) {
        let snapshot = Fixture.snapshot(
            layout: Fixture.two, keys: [5, 5], twists: [7: .init(isReachable: false, health: .down)], joiners: [7])
        let canvas = Drawing(Fixture.model(snapshot), theme: .standard()).canvas(Size(width: width, height: 35))
        #expect(canvas.line(0).contains("ok"))
        #expect(canvas.line(1).contains("10.0.0.7:8081: down, in no shard"))
    }

    @Test func allThatIsWrongStandsOnAPage() {
        let model = Fixture.model(
            Fixture.snapshot(
                layout: Fixture.two, keys: [5, 5],
                twists: [2: .init(epoch: 2), 4: .init(isReachable: false, health: .down)], epoch: 3),
            keys: [.character("H")])
        let text = Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35)).text
        for words in ["shard 1 has 2 of 3 members", "start 10.0.0.4:8081 again", "10.0.0.2:8081: epoch 2"] {
            #expect(text.contains(words))
        }
    }
}
