import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// A filter shows what matches, and nothing else.
@Suite struct FilterTests {
    private func model(_ filter: String, _ twists: [Int: Fixture.Twist] = [:], keys: [KeyEvent] = [.enter])
        -> DashboardModel
    {
        var model = Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [5_013, 4_987], twists: twists, joiners: [7]))
        _ = model.reduce(.events(Fixture.events))
        for key in [KeyEvent.character("/")] + filter.map({ .character($0) }) + keys { _ = model.reduce(.key(key)) }
        return model
    }

    private func text(_ model: DashboardModel, _ theme: ThemeName = .dark, height: Int = 35) -> String {
        Drawing(model, theme: .named(theme)).canvas(Size(width: 120, height: height)).text
    }

    private let down: [Int: Fixture.Twist] = [5: .init(isReachable: false, health: .down)]

    @Test(arguments: ThemeName.allCases)
    func nodesAndEventsThatDoNotMatchAreNotThere(theme: ThemeName) {
        let text = text(model("0.5", down), theme)
        #expect(text.contains("10.0.0.5:8081 down"))
        #expect(text.contains("10.0.0.5:8081 is down"))
        for number in [1, 2, 3, 4, 6, 7] { #expect(!text.contains("10.0.0.\(number):8081 ")) }
        #expect(!text.contains("shard 0"), "none of its members matches")
        #expect(text.contains("shard 1  1 of 3 nodes"))
        #expect(text.contains("/0.5 1 of 7 nodes"))
    }

    @Test(arguments: [12, 24, 60])
    func anEmptyResultSaysSo(height: Int) {
        let text = text(model("foo"), height: height)
        #expect(text.contains("Nothing matches 'foo'; Esc ends the filter."))
        #expect(text.contains("0 of 7 nodes"))
        #expect(!text.contains("10.0.0."))
    }

    @Test func anEmptyResultOfEventsSaysSo() { #expect(text(model("0.2")).contains("No event matches '0.2'.")) }

    @Test func theChosenNodeIsOneThatIsShown() {
        var filtered = model("0.5", down)
        #expect(filtered.selected?.address == Fixture.node(5))
        for key in [KeyEvent.down, .up, .end, .home, .pageDown] {
            _ = filtered.reduce(.key(key))
            #expect(filtered.selected?.address == Fixture.node(5))
        }
        #expect(model("foo").selected == nil)
        // Nothing is done to a node that nobody sees.
        var none = model("foo")
        _ = none.reduce(.demo(DemoState()))
        #expect(none.reduce(.key(.character("x"))) == [])
        // A node that is well again goes from the list, and from the choice.
        var changing = model("down", down)
        #expect(changing.selected?.address == Fixture.node(5))
        _ = changing.reduce(
            .snapshot(
                Fixture.snapshot(
                    layout: Fixture.two, keys: [5_013, 4_987], twists: [2: .init(isReachable: false, health: .down)]),
                .full))
        #expect(changing.selected?.address == Fixture.node(2))
    }

    @Test func theParticularsGoOnAmongThoseThatAreShown() {
        var model = model("shard 1")
        _ = model.reduce(.key(.enter))
        #expect(model.overlay == .node(Fixture.node(4)))
        for _ in 0..<9 { _ = model.reduce(.key(.up)) }
        #expect(model.overlay == .node(Fixture.node(4)))
        for _ in 0..<9 { _ = model.reduce(.key(.down)) }
        #expect(model.overlay == .node(Fixture.node(6)), "not the joiner")
    }

    @Test func theEndOfTheFilterShowsAllAgain() {
        var model = model("0.5")
        _ = model.reduce(.key(.escape))
        #expect(model.shownCount == 7)
        #expect(model.eventLines.count == 2)
    }

    @Test func aLargeClusterShowsTheCellsThatMatch() {
        let layout = (0..<50).map { [2 * $0 + 1, 2 * $0 + 2] }
        var model = Fixture.model(
            Fixture.snapshot(
                layout: layout, keys: Array(repeating: 20_000, count: 50),
                twists: [7: .init(isReachable: false, health: .down), 60: .init(state: .catchingUp)]))
        for key in "/down".map({ KeyEvent.character($0) }) + [.enter] { _ = model.reduce(.key(key)) }
        #expect(text(model).contains("shard 3  1 of 2 nodes"))
        #expect(!text(model).contains("10.0.0.60:8081"))
    }

    @Test func theNodesThatTakePortionsAreFilteredToo() {
        var model = Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [5_013, 4_987], reshard: Fixture.reshard(.broadcast)))
        for key in "/0.2".map({ KeyEvent.character($0) }) + [.enter] { _ = model.reduce(.key(key)) }
        #expect(text(model).contains("▶ 10.0.0.2:8081") && !text(model).contains("▶ 10.0.0.3:8081"))
    }

    @Test func whileTypingItIsSaidHowManyMatch() {
        #expect(text(model("0.5", keys: [])).contains("/0.5_  1 of 7 nodes  1 event"))
    }
}
