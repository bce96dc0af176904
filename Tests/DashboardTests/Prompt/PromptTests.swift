import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

@Suite struct PromptTests {
    private func model(_ capabilities: ClusterCapabilities = .full, demo: Bool = false) -> DashboardModel {
        var model = Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [50, 50], joiners: [7]), capabilities: capabilities)
        if demo { _ = model.reduce(.demo(DemoState())) }
        return model
    }

    /// Types `text`, and returns what the last key wants done.
    private func type(_ text: String, then last: KeyEvent? = nil, in model: inout DashboardModel) -> [Effect] {
        var effects: [Effect] = []
        for character in text { effects = model.reduce(.key(.character(character))) }
        if let last { effects = model.reduce(.key(last)) }
        return effects
    }

    private func text(_ model: DashboardModel) -> String? {
        if case .prompt(let prompt)? = model.overlay { prompt.text } else { nil }
    }

    private func problem(_ model: DashboardModel) -> String? {
        if case .prompt(let prompt)? = model.overlay { prompt.problem } else { nil }
    }

    // MARK: Filter

    @Test func aFilterIsLiveWhileItIsTypedAndStaysAfterEnter() {
        var model = model()
        _ = type("/0.4", in: &model)
        #expect(model.filter == "0.4")
        #expect(model.selected?.address == Fixture.node(4), "the selection goes to what is lit")
        _ = model.reduce(.key(.enter))
        #expect(model.overlay == nil)
        #expect(model.filter == "0.4")
        _ = model.reduce(.key(.escape))
        #expect(model.filter == nil)
    }

    @Test func escapeInTheFilterEndsIt() {
        var model = model()
        _ = type("/0.4", then: .escape, in: &model)
        #expect(model.overlay == nil)
        #expect(model.filter == nil)
    }

    @Test func stepsGoOverNodesThatAreFilteredOut() {
        var model = model()
        _ = model.reduce(.key(.end))
        _ = type("/.0.1", then: .enter, in: &model)
        #expect(model.selected?.address == Fixture.node(1))
        _ = model.reduce(.key(.down))
        #expect(model.selected?.address == Fixture.node(1), "there is no other")
        _ = model.reduce(.key(.escape))
        _ = model.reduce(.key(.down))
        #expect(model.selected?.address == Fixture.node(2))
    }

    // MARK: Commands

    private static let effects: [(String, [Dashboard.Effect])] = [
        ("reshard 4", [.plan(.shardCount(4))]), ("where a b", [.locate(key: "a b")]),
        ("follow user:7", [.locate(key: "user:7")]), ("poll 200", [.poll(everyMilliseconds: 200)]), ("quit", [.quit]),
        ("kill 10.0.0.3:8081", [.kill(Fixture.node(3))]), ("restart 10.0.0.3:8081", [.restart(Fixture.node(3))]),
        ("pause 10.0.0.3:8081", [.pause(Fixture.node(3), isPaused: true)]), ("node", [.startNode]),
        ("traffic", [.traffic(true)]), ("freeze", []), ("theme light", []), ("filter 0.4", []), ("help", []),
        ("add 10.0.0.7:8081 1", []),
    ]

    @Test(arguments: effects)
    func aCommandDoesWhatItsKeyDoes(command: String, effects: [Effect]) {
        var model = model(demo: true)
        #expect(type(":" + command, then: .enter, in: &model) == effects)
        #expect(problem(model) == nil)
        #expect(model.commandsGiven == [command])
    }

    @Test func anAddedMemberIsConfirmedInItsDialog() {
        var model = model()
        _ = type(":add 10.0.0.7:8081 1", then: .enter, in: &model)
        #expect(model.overlay == .addMember(AddMemberDialog(address: "10.0.0.7:8081", shard: 1, isInAddress: false)))
    }

    @Test(arguments: [
        ("reshard", "it is: reshard SHARDS"), ("reshard 0", "it is: reshard SHARDS"),
        ("reshard many", "it is: reshard SHARDS"), ("poll 5", "it is: poll MILLISECONDS"),
        ("add 10.0.0.7:8081", "it is: add HOST:PORT SHARD"), ("add 10.0.0.7:8081 9", "it is: add HOST:PORT SHARD"),
        ("theme pink", "it is: theme dark|light|mono"),
        ("dance", "there is no command 'dance' here; Tab completes, ? lists the keys"),
        ("kill 10.0.0.3:8081", "there is no command 'kill' here; Tab completes, ? lists the keys"),
    ])
    func aCommandThatCannotBeMeantSaysHowItIs(command: String, words: String) {
        var model = model()
        #expect(type(":" + command, then: .enter, in: &model) == [])
        #expect(problem(model) == words)
        #expect(text(model) == command, "what was typed is still there")
    }

    @Test func tabCompletesAndABeginningIsEnough() {
        var model = model()
        _ = type(":resh", then: .tab, in: &model)
        #expect(text(model) == "reshard ")
        _ = model.reduce(.key(.escape))
        #expect(type(":resh 3", then: .enter, in: &model) == [.plan(shardCount: 3)])
    }

    @Test func upAndDownGoThroughWhatWasGiven() {
        var model = model()
        for command in ["poll 200", "poll 500"] { _ = type(":" + command, then: .enter, in: &model) }
        _ = type(":", then: .up, in: &model)
        #expect(text(model) == "poll 500")
        _ = model.reduce(.key(.up))
        _ = model.reduce(.key(.up))
        #expect(text(model) == "poll 200", "there is none before")
        _ = model.reduce(.key(.down))
        #expect(text(model) == "poll 500")
        _ = model.reduce(.key(.down))
        #expect(text(model) == "")
    }

    @Test func nothingThatChangesAClusterIsOfferedWhereItIsOnlyRead() {
        var model = DashboardModel(name: "demo", isReadOnly: true)
        _ = model.reduce(.snapshot(Fixture.snapshot(layout: Fixture.two, keys: [5, 5]), .full))
        #expect(Set(model.commands.map(\.name)).isDisjoint(with: ["reshard", "abort", "add", "kill"]))
    }

    @Test func tChangesTheThemeAndComesRound() {
        var model = model()
        for name in [ThemeName.light, .mono, .dark] {
            _ = model.reduce(.key(.character("t")))
            #expect(model.themeName == name)
        }
    }

    @Test func exportKeepsTheScreenUnderTheNameGiven() {
        var model = Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [1, 2]), keys: [.character(":")])
        for character in "export a b.svg" { _ = model.reduce(.key(.character(character))) }
        #expect(model.reduce(.key(.enter)) == [.export("a b.svg")])
        #expect(model.overlay == nil, "the prompt is no part of the picture")
    }
}
