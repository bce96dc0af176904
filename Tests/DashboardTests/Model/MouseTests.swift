import ClusterModel
import ShardClient
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// Clicks where a screen shows something, as the runner finds out what it is.
@Suite struct MouseTests {
    private func model() -> DashboardModel {
        Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [50, 50]))
    }

    private func canvas(_ model: DashboardModel) -> Canvas {
        Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35))
    }

    /// Clicks the first place where `text` is shown.
    private func click(_ text: String, _ model: inout DashboardModel) throws -> [Effect] {
        let canvas = canvas(model)
        for y in 0..<canvas.size.height {
            let line = canvas.line(y)
            guard let range = line.range(of: text) else { continue }
            let x = String(line[..<range.lowerBound]).columns
            return model.reduce(.mouse(.click, canvas.target(x: x, y: y)?.value as? Place))
        }
        throw Missing(text: text)
    }

    private struct Missing: Error { var text: String }

    @Test func aClickChoosesANodeAndAnotherOpensIt() throws {
        var model = model()
        _ = try click("10.0.0.5:8081", &model)
        #expect(model.selected?.address == Fixture.node(5))
        #expect(model.overlay == nil)
        _ = try click("10.0.0.5:8081", &model)
        #expect(model.overlay == .node(Fixture.node(5)))
    }

    @Test func aHintIsTheSameAsItsKey() throws {
        var model = model()
        #expect(try click("r reshard", &model) == [.plan(shardCount: 3)])
        guard case .reshard? = model.overlay else {
            Issue.record("no dialog")
            return
        }
    }

    @Test func buttonsConfirmAndCancel() throws {
        var model = model()
        _ = model.reduce(.key(.character("r")))
        _ = model.reduce(.planned(shardCount: 3, Fixture.plan))
        #expect(try click("  Reshard  ", &model) == [.reshard(shardCount: 3, seen: Fixture.plan)])
        #expect(model.overlay == nil)
        _ = model.reduce(.key(.character("r")))
        #expect(try click("[ Cancel ]", &model).isEmpty)
        #expect(model.overlay == nil)
    }

    @Test func aClickBesideADialogClosesItAndOneInItDoesNot() throws {
        var model = model()
        _ = model.reduce(.key(.character("?")))
        _ = try click("help", &model)
        #expect(model.overlay != nil)
        _ = try click("shardtop", &model)
        #expect(model.overlay == nil)
    }

    @Test func theWheelMovesTheSelectionTheEventsAndADialog() {
        var model = model()
        _ = model.reduce(.events(Fixture.events))
        _ = model.reduce(.mouse(.wheelDown, .pane(.shards)))
        #expect(model.selection == 1)
        _ = model.reduce(.mouse(.wheelUp, .node(Fixture.node(2))))
        #expect(model.selection == 0)
        _ = model.reduce(.mouse(.wheelUp, .pane(.events)))
        #expect(model.eventScroll == 1, "two nodes said the same, so there are two lines")
        _ = model.reduce(.key(.character("?")))
        _ = model.reduce(.mouse(.wheelDown, .dialog))
        #expect(model.overlayScroll == 1)
    }

    @Test func mGivesTheMouseToTheTerminalAndTakesItBack() {
        var model = model()
        #expect(model.reduce(.key(.character("m"))) == [.mouse(false)])
        #expect(model.reduce(.key(.character("m"))) == [.mouse(true)])
    }
}
