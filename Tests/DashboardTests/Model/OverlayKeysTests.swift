import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// Keys in what lies over the screen.
@Suite struct OverlayKeysTests {
    private func model(_ capabilities: ClusterCapabilities = .full) -> DashboardModel {
        Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [50, 50], joiners: [7]), capabilities: capabilities)
    }

    private func press(_ keys: KeyEvent..., in model: inout DashboardModel) -> [Effect] {
        keys.reduce([]) { _, key in model.reduce(.key(key)) }
    }

    /// What the runner tells after a frame, at this size.
    private func draw(_ model: inout DashboardModel, _ size: Size = Size(width: 80, height: 24)) {
        let overflow = Drawing(model, theme: .standard()).canvas(size).overflow
        let known = overflow.compactMap { target, lines in (target.value as? Place).map { ($0, lines) } }
        _ = model.reduce(.drawn(overflow: Dictionary(known) { first, _ in first }))
    }

    @Test(arguments: [KeyEvent.character("?"), .function(1)])
    func helpOpens(key: KeyEvent) {
        var model = model()
        _ = press(key, in: &model)
        #expect(model.overlay == .help(filter: ""))
    }

    @Test(arguments: [KeyEvent.character("?"), .character("q"), .escape])
    func helpIsClosed(key: KeyEvent) {
        var model = model()
        #expect(press(.character("?"), key, in: &model).isEmpty)
        #expect(model.overlay == nil)
    }

    @Test func inASearchQAndTheQuestionMarkAreLetters() {
        var model = model()
        _ = press(.character("?"), .character("s"), .character("q"), .character("?"), in: &model)
        #expect(model.overlay == .help(filter: "sq?"))
    }

    @Test func anOverlayIsScrolledAsFarAsItHasLines() {
        var model = model()
        let size = Size(width: 60, height: 16)
        _ = press(.character("?"), in: &model)
        draw(&model, size)
        _ = press(.pageDown, in: &model)
        #expect(model.overlayScroll == 4)
        _ = press(.down, .down, .up, in: &model)
        #expect(model.overlayScroll == 5)
        _ = press(.end, in: &model)
        draw(&model, size)
        let last = model.overlayScroll
        #expect(last > 5 && last < 60, "the last page, and not beyond it")
        _ = press(.pageDown, .pageDown, .pageDown, in: &model)
        draw(&model, size)
        #expect(model.overlayScroll == last)
        _ = press(.pageUp, in: &model)
        #expect(model.overlayScroll == last - 4, "one key back shows something else at once")
        _ = press(.home, in: &model)
        #expect(model.overlayScroll == 0)
    }

    @Test func theEndOfALongDryRunIsReached() {
        var model = model()
        _ = press(.character("r"), in: &model)
        var plan = Fixture.plan
        plan.shards = (0..<12).map { [Fixture.node($0 + 1)] }
        _ = model.reduce(.planned(shardCount: 3, plan))
        draw(&model)
        _ = press(.end, in: &model)
        draw(&model)
        #expect(Drawing(model, theme: .standard()).canvas(Size(width: 80, height: 24)).text.contains("shard 11"))
    }

    @Test func aMembersAddressIsTyped() {
        var model = model()
        _ = press(.character("A"), .tab, in: &model)
        for _ in 0..<"10.0.0.7:8081".count { _ = press(.backspace, in: &model) }
        #expect(model.overlay == .addMember(AddMemberDialog(address: "", shard: 0, isInAddress: true)))
        for character in "bad" { _ = press(.character(character), in: &model) }
        #expect(press(.enter, in: &model).isEmpty)
        #expect(model.log.last?.text == "'bad' is no address of the form host:port")
        #expect(model.overlay != nil, "what was typed can be mended")
        for _ in 0..<4 { _ = press(.backspace, in: &model) }
        for character in "h:1" { _ = press(.character(character), in: &model) }
        #expect(press(.up, .enter, in: &model) == [.addMember(NodeAddress("h:1")!, shard: 1)])
        #expect(model.overlay == nil)
    }

    @Test func outsideTheAddressLettersDoNothing() {
        var model = model()
        _ = press(.character("A"), .character("x"), .backspace, in: &model)
        #expect(model.overlay == .addMember(AddMemberDialog(address: "10.0.0.7:8081", shard: 0, isInAddress: false)))
    }

    @Test func tabGoesThroughTheCommandsThatAreMeant() {
        var model = model()
        func text() -> String? { if case .prompt(let prompt)? = model.overlay { prompt.text } else { nil } }
        _ = press(.character(":"), .character("f"), .tab, in: &model)
        #expect(text() == "filter ")
        _ = press(.tab, in: &model)
        #expect(text() == "follow ")
        _ = press(.tab, in: &model)
        #expect(text() == "freeze")
        _ = press(.tab, in: &model)
        #expect(text() == "filter ", "round and round")
        _ = press(.backTab, in: &model)
        #expect(text() == "freeze")
        #expect(press(.enter, in: &model).isEmpty)
        #expect(model.isFrozen)
    }

    @Test func whatCannotBeDoneNowIsNotInTheHelp() {
        func help(_ snapshot: ClusterSnapshot) -> String {
            let model = Fixture.model(snapshot, keys: [.character("?")])
            return Drawing(model, theme: .standard()).canvas(Size(width: 100, height: 60)).text
        }
        let calm = help(Fixture.snapshot(layout: Fixture.two, keys: [50, 50]))
        #expect(!calm.contains("abort the running reshard"))
        #expect(calm.contains("reshard: choose"))
        let busy = help(Fixture.snapshot(layout: Fixture.two, keys: [50, 50], reshard: Fixture.reshard(.collate)))
        #expect(busy.contains("abort the running reshard"))
        #expect(!busy.contains("reshard: choose"))
        let dead = help(ClusterSnapshot(takenMilliseconds: Fixture.start, nodes: [.init(address: Fixture.node(1))]))
        for words in ["reshard: choose", "add a node", "where is a key", "particulars"] {
            #expect(!dead.contains(words), "nobody answers")
        }
    }

    @Test func whereNobodyAnswersTheFootOffersNothingToDo() {
        let model = Fixture.model(
            ClusterSnapshot(takenMilliseconds: Fixture.start, nodes: [.init(address: Fixture.node(1))]))
        let foot = Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35)).line(34)
        #expect(foot.contains("q quit"))
        for words in ["Enter", "reshard", "where"] { #expect(!foot.contains(words)) }
    }
}
