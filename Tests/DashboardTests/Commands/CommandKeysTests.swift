import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// Every key of every command, pressed: it does what the command's row says.
@Suite struct CommandKeysTests {
    /// What a key is to do: from a state of the dashboard, in words of its effects and of what has changed.
    private struct Promise: Sendable {
        var situation = Situation.calm
        var isKept: @Sendable (DashboardModel, [Effect]) -> Bool

        static func effects(_ situation: Situation = .calm, _ wanted: Effect...) -> Promise {
            Promise(situation: situation) { _, effects in effects == wanted }
        }

        static func shows(
            _ situation: Situation = .calm, _ isShown: @escaping @Sendable (DashboardModel.Overlay?) -> Bool
        ) -> Promise {
            Promise(situation: situation) { model, effects in effects.isEmpty && isShown(model.overlay) }
        }

        static func changes(_ situation: Situation = .calm, _ isKept: @escaping @Sendable (DashboardModel) -> Bool)
            -> Promise
        {
            Promise(situation: situation) { model, effects in effects.isEmpty && isKept(model) }
        }
    }

    /// By command and, where its keys differ, by the argument that a key stands for.
    private static let promises: [String: Promise] = [
        "abort": .shows(.migrating) { $0 == .confirmAbort(isConfirming: false) },
        "add": .shows {
            $0 == .addMember(AddMemberDialog(address: "10.0.0.7:8081", shard: 0, isInAddress: false))
        },
        "back": .changes(.filtered) { $0.filter == nil },
        "change": .shows(.slots) { $0 == .changes(selected: 0) },
        "command": .shows { $0 == .prompt(Prompt(kind: .command)) },
        "cut": .effects(.demo, .isolate(Fixture.node(1), isIsolated: true)),
        "detail": .shows { $0 == .node(Fixture.node(1)) },
        "failover": .effects(.slots, .plan(.failover(SlotFixture.node(4)))),
        "filter": .shows { $0 == .prompt(Prompt(kind: .filter)) },
        "frame next": .effects(.replay, .replay(.stepForward)),
        "frame previous": .effects(.replay, .replay(.stepBack)),
        "freeze": .changes { $0.isFrozen },
        "go-bottom": .changes { $0.selection == 6 },
        "go-down": .changes { $0.selection == 1 },
        "go-left": .changes(.filtered) { $0.selected?.address == Fixture.node(4) },
        "go-right": .changes { $0.selection == 1 },
        "go-page-down": .changes { $0.selection == 6 },
        "go-page-up": .changes(.filtered) { $0.selected?.address == Fixture.node(4) },
        "go-top": .changes(.filtered) { $0.selected?.address == Fixture.node(4) },
        "go-up": .changes(.filtered) { $0.selected?.address == Fixture.node(4) },
        "health": .shows { $0 == .health },
        "help": .shows { $0 == .help(filter: "") },
        "kill": .effects(.demo, .kill(Fixture.node(1))),
        "loop": .effects(.replay, .replay(.loop)),
        "mouse": .effects(.calm, .mouse(false)),
        "move": .shows(.slots) { $0 == .goal(GoalDialog(.move(slots: "", from: 0, to: 1))) },
        "nodes": .changes { $0.table.isShown },
        "node": .effects(.demo, .startNode),
        "pace": .shows(.slots) { $0 == .pace("") },
        "panel next": .changes { $0.pane == .events },
        "panel previous": .changes { $0.pane == .events },
        "pause": .effects(.demo, .pause(Fixture.node(1), isPaused: true)),
        "play": .effects(.replay, .replay(.pauseOrGoOn)),
        "poll quicker": .effects(.calm, .poll(everyMilliseconds: 500)),
        "poll slower": .effects(.calm, .poll(everyMilliseconds: 2_000)),
        "present": .changes { $0.isPresenting },
        "quit": .effects(.calm, .quit),
        "rebalance": .effects(.slots, .plan(.rebalance(by: .slots))),
        "remove": .effects(.slots, .plan(.removeMember(SlotFixture.node(1)))),
        "repair": .effects(.slots, .plan(.repair(.finish))),
        "reshard": .effects(.calm, .plan(shardCount: 3)),
        "restart": .effects(.demo, .restart(Fixture.node(1))),
        "reverse": .changes(.table) { $0.table.isReversed },
        "run": Promise(situation: .stepping) { !$0.isStepping && $1 == [.step(.off)] },
        "seek end": .effects(.replay, .replay(.toEnd)),
        "seek start": .effects(.replay, .replay(.toStart)),
        "shard": .shows { $0 == .shard(0) },
        "skip -10": .effects(.replay, .replay(.scrub(seconds: -10))),
        "skip -60": .effects(.replay, .replay(.scrub(seconds: -60))),
        "skip 10": .effects(.replay, .replay(.scrub(seconds: 10))),
        "skip 60": .effects(.replay, .replay(.scrub(seconds: 60))),
        "sort": .changes { $0.sortOrder == .health && $0.log.last?.text == "sorted by health" },
        "speed quicker": .effects(.replay, .replay(.quicker)),
        "speed slower": .effects(.replay, .replay(.slower)),
        "step": .effects(.stepping, .step(.on)),
        "suspend": .effects(.calm, .suspend),
        "theme": .changes { $0.themeName == .light && $0.isThemeChosen },
        "traffic": .effects(.demo, .traffic(true)),
        "zoom": .changes { $0.isZoomed },
        "where": .shows { $0 == .locate(LocateDialog()) },
    ]

    @Test func everyKeyDoesWhatItsRowSays() throws {
        var kept: Set<String> = []
        for command in CommandTable.commands {
            for key in command.keys {
                let name = command.name + (key.argument.map { " \($0)" } ?? "")
                let promise = try #require(Self.promises[name], "nothing says what '\(name)' does")
                var model = promise.situation.model
                let effects = model.reduce(.key(key.event))
                let isKept = promise.isKept(model, effects)
                #expect(isKept, "\(name) by \(key.event.words): \(effects)")
                kept.insert(name)
            }
        }
        #expect(kept == Set(Self.promises.keys), "and nothing else is promised")
    }

    @Test func arrowsAndPagesGoBothWays() {
        var model = Situation.calm.model
        for (key, place) in [("G", 6), ("k", 5), ("h", 4), ("l", 5), ("g", 0)] as [(Character, Int)] {
            _ = model.reduce(.key(.character(key)))
            #expect(model.selection == place)
        }
        for (key, place) in [(.end, 6), (.up, 5), (.left, 4), (.right, 5), (.pageUp, 0), (.pageDown, 6), (.home, 0)]
            as [(KeyEvent, Int)]
        {
            _ = model.reduce(.key(key))
            #expect(model.selection == place)
        }
    }
}
