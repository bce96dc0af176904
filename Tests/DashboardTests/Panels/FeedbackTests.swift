import ClusterModel
import ShardClient
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// What the user did, and what stands in the way, is said at any size.
@Suite struct FeedbackTests {
    private static let sizes = [
        Size(width: 40, height: 12), Size(width: 80, height: 24), Size(width: 120, height: 35),
        Size(width: 200, height: 60),
    ]

    private func text(_ model: DashboardModel, _ size: Size = Size(width: 120, height: 35)) -> String {
        Drawing(model, theme: .standard()).canvas(size).text
    }

    private func press(_ keys: String, _ model: inout DashboardModel) -> [Effect] {
        keys.flatMap { model.reduce(.key($0 == "\n" ? .enter : $0 == "\t" ? .tab : .character($0))) }
    }

    @Test(arguments: sizes)
    func whatWentWrongIsSaid(size: Size) {
        var model = GoldenScreens.calm()
        _ = model.reduce(.ended(.export("/x.svg"), problem: "the disk is full"))
        #expect(text(model, size).contains("screen to /x.svg: the disk is full"))
    }

    @Test(arguments: sizes.dropFirst())
    func itStaysInItsPlaceUntilSomethingElseIsSaid(size: Size) {
        var model = GoldenScreens.calm()
        _ = model.reduce(.ended(.export("/x.svg"), problem: nil))
        _ = model.reduce(.tick(milliseconds: Fixture.start + 3_000_000))
        let canvas = Drawing(model, theme: .standard()).canvas(size)
        #expect(canvas.line(size.height - 2).contains("screen to /x.svg: done"))
        #expect(canvas.line(size.height - 1).contains("q quit"))
    }

    @Test(arguments: sizes)
    func aRecordingThatEndedStaysTold(size: Size) {
        var model = GoldenScreens.calm()
        model.isRecording = true
        _ = model.reduce(.recordingEnded("the disk is full"))
        _ = model.reduce(.ended(.export("/x.svg"), problem: nil))
        #expect(text(model, size).contains("REC ENDED"))
        _ = press("H", &model)
        #expect(text(model, size).contains("The recording has ended: the disk is full") || size.width == 40)
    }

    // MARK: What is asked, and what is impossible

    private static func moving(isDemo: Bool) -> DashboardModel {
        var model = GoldenScreens.migrating(.broadcast)
        if isDemo { _ = model.reduce(.demo(DemoState())) }
        return model
    }

    @Test func leavingADemoInTheMidstOfAReshardIsAskedFor() {
        var model = Self.moving(isDemo: true)
        #expect(press("q", &model).isEmpty && model.overlay == .confirmQuit(isConfirming: false))
        #expect(text(model).contains("Quit in the midst of the reshard?"))
        #expect(press("\n", &model).isEmpty && model.overlay == nil, "who hesitates stays")
        #expect(press("q\t\n", &model) == [.quit])
    }

    @Test func leavingIsNotAskedForWhereNothingIsLost() {
        var (watched, calm) = (Self.moving(isDemo: false), GoldenScreens.calm())
        _ = calm.reduce(.demo(DemoState()))
        #expect(press("q", &watched) == [.quit])
        #expect(press("q", &calm) == [.quit])
        var demo = Self.moving(isDemo: true)
        #expect(demo.reduce(.key(.control("c"))) == [.quit])
    }

    @Test func whereANodeIsDownTheReshardSaysSoInsteadOfAnother() {
        var model = Fixture.model(
            Fixture.snapshot(
                layout: Fixture.two, keys: [5, 5], twists: [5: .init(isReachable: false, health: .down)]))
        _ = press("r", &model)
        #expect(
            text(model).contains("3 shards need 6 nodes that are up, two for each: 5 are, and 10.0.0.5:8081 is not."))
        _ = model.reduce(.planned(shardCount: 3, Fixture.plan))
        #expect(press("\t\n", &model).isEmpty, "what cannot be is not begun")
        #expect(model.reason(againstShards: 2) == nil && model.reason(againstShards: 4) == nil)
    }

    @Test func aDryRunOfManyShardsIsAFewLines() {
        var plan = Plan(
            name: "reshard", fromShardCount: 2, toShardCount: 30,
            shards: (0..<30).map {
                .init(id: ShardID($0), members: [Fixture.node(2 * $0 + 1), Fixture.node(2 * $0 + 2)], keys: 300 + $0)
            },
            pairs: (0..<2).flatMap { from in
                (0..<30).map { .init(from: ShardID(from), to: ShardID($0), planned: 150 + from) }
            })
        plan.unit = "key"
        let lines = Drawing(GoldenScreens.calm(), theme: .standard()).lines(of: plan)
            .map { $0.map(\.text).joined() }
        #expect(lines.count <= 8, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("keys a shard") && $0.contains("300 to 329") })
        #expect(lines.contains { $0.contains("shard 0, shard 29") })
    }

    // MARK: Zoom

    @Test func aZoomedPanelHasTheScreenAndItsLinesAreWhole() {
        var model = GoldenScreens.calm()
        let long = "a line that goes on " + String(repeating: "and on ", count: 30) + "to its end"
        for _ in 0..<20 { _ = model.reduce(.ended(.export("x"), problem: long)) }
        _ = model.reduce(.key(.backTab))
        let size = Size(width: 80, height: 24)
        #expect(!text(model, size).contains("to its end"))
        _ = press("z", &model)
        #expect(text(model, size).contains("to its end") && !text(model, size).contains("shard 0"))
        _ = model.reduce(.key(.escape))
        #expect(text(model, size).contains("shard 0"))
    }
}
