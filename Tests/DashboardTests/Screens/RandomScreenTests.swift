import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

@Suite struct RandomScreenTests {
    /// Any keys at any size, on clusters that change meanwhile: nothing is written outside, and nothing crashes.
    @Test func anyKeysAtAnySizeDrawAScreen() async {
        var state: UInt64 = 99
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let keys: [KeyEvent] =
            "q?rRaAwsSmfV +-gGhjkl0123456789é界/:tLxXpPn.,cbMDFRTHNzI".map { .character($0) }
            + [.up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .escape, .tab, .backTab, .backspace]
            + [.delete, .insert, .control("a"), .control("z"), .function(1), .function(12)]
        let phases = ReshardProgress.Phase.allCases
        let snapshots =
            phases.map {
                Fixture.snapshot(
                    layout: Fixture.two, keys: [5_000, 4_000], reshard: Fixture.reshard($0), operations: 50)
            } + [
                Fixture.basic(), Fixture.snapshot(layout: [[1, 2]], keys: [0]),
                ClusterSnapshot(takenMilliseconds: Fixture.start, nodes: []),
                Fixture.snapshot(
                    layout: (0..<30).map { [2 * $0 + 1, 2 * $0 + 2] }, keys: Array(repeating: 7, count: 30)),
            ]
        var model = Fixture.model(nil)
        var now = Fixture.start
        var events = 0
        var shown: Canvas?
        while events < 100_000 {
            // Other tests wait for answers meanwhile.
            await Task.yield()
            if let shown, random(3) == 0 {
                let place = shown.target(x: random(300) - 10, y: random(100) - 5)?.value as? Place
                _ = model.reduce(.mouse(MouseEvent.Kind.allCases[random(3)], place))
            }
            for _ in 0..<random(60) {
                _ = model.reduce(.key(keys[random(keys.count)]))
                events += 1
            }
            events += 1
            switch random(11) {
            case 5: _ = model.reduce(.located(Fixture.location))
            case 6:
                let check = random(2) == 0 ? nil : KeyCheck(asked: 9, total: 10, missing: random(2))
                _ = model.reduce(.readBack(operation: Fixture.reshard(.done).operation, check))
            case 7:
                let effect: Effect = random(2) == 0 ? .abort : .reshard(shardCount: 3)
                _ = model.reduce(.ended(effect, problem: random(2) == 0 ? nil : "it was refused"))
            case 8: _ = model.reduce(.planFailed(shardCount: random(12), "too few nodes"))
            case 9:
                _ = model.reduce(.cost(OwnCost(cpuShare: 0.01, residentBytes: 1_000, bytesPerSecond: 9)))
            case 10:
                if let shown {
                    let known = shown.overflow.compactMap { target, lines in
                        (target.value as? Place).map { ($0, lines) }
                    }
                    _ = model.reduce(.drawn(overflow: Dictionary(known) { first, _ in first }))
                }
            case 4:
                _ = model.reduce(
                    .demo(
                        DemoState(
                            paused: [Fixture.node(1)],
                            traffic: random(2) == 0 ? nil : ClientTraffic(operationsPerSecond: Double(random(9_000))),
                            loading: random(4) == 0 ? .init(done: random(10), total: 10) : nil,
                            starting: random(6) == 0 ? .init(serving: random(6), total: 6) : nil)))
            case 0 where random(3) == 0:
                let change = random(3) == 0 ? SlotFixture.running(isOurs: random(2) == 0) : nil
                _ = model.reduce(.snapshot(SlotFixture.cluster(change: change), SlotFixture.features))
            case 0: _ = model.reduce(.snapshot(snapshots[random(snapshots.count)], random(2) == 0 ? .full : .basic))
            case 1: _ = model.reduce(.events(Fixture.events))
            case 2:
                now += UInt64(random(3_000))
                _ = model.reduce(.tick(milliseconds: now))
            case 3:
                if case .goal(let dialog)? = model.overlay, let goal = dialog.goal {
                    _ = model.reduce(.planned(goal, SlotFixture.planOfRebalance))
                }
            default: _ = model.reduce(.planned(shardCount: 3, Fixture.plan))
            }
            let size = Size(width: 1 + random(random(4) == 0 ? 260 : 110), height: 1 + random(random(4) == 0 ? 90 : 40))
            let drawing = Drawing(model, theme: .standard(isASCII: random(2) == 0))
            let canvas = drawing.canvas(size)
            shown = canvas
            #expect(canvas.regions.allSatisfy { canvas.bounds.intersection($0.rect) == $0.rect })
            #expect(canvas.cells.count == size.width * size.height)
        }
        #expect(
            Drawing(model, theme: .standard()).canvas(Size(width: 90, height: 30))
                == Drawing(model, theme: .standard()).canvas(Size(width: 90, height: 30)))
    }
}
