import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

@MainActor @Suite struct ReplayKeysTests {
    /// A replay whose time passes by hand.
    @MainActor private final class Stage {
        var milliseconds: UInt64 = 0
        private(set) lazy var player = ReplayPlayer(recording, realMilliseconds: { [unowned self] in milliseconds })
        private let recording: Recording
        var model: DashboardModel

        init(_ recording: Recording) {
            self.recording = recording
            model = DashboardModel(name: "demo", isReadOnly: true)
            pass(0)
        }

        func pass(_ passed: UInt64) {
            milliseconds += passed
            _ = model.reduce(.replayed(player.moment()))
        }

        func press(_ key: KeyEvent) {
            for case .replay(let command) in model.reduce(.key(key)) {
                _ = model.reduce(.replayed(player.obey(command)))
            }
        }

        func text(_ size: Size = Size(width: 120, height: 35)) -> String {
            Drawing(model, theme: .standard()).canvas(size).text
        }
    }

    private func stage() async throws -> Stage { Stage(try await RecordedFixture.recording()) }

    @Test(
        arguments: [
            (" ", ReplayOrder.pauseOrGoOn), ("f", .pauseOrGoOn), (".", .stepForward), (",", .stepBack),
            ("]", .scrub(seconds: 10)), ("[", .scrub(seconds: -10)), ("}", .scrub(seconds: 60)),
            ("{", .scrub(seconds: -60)), ("0", .toStart), ("$", .toEnd), (">", .quicker), ("<", .slower), ("o", .loop),
        ] as [(Character, ReplayOrder)])
    func everyKeyAsksForItsOwn(key: Character, command: ReplayOrder) async throws {
        let stage = try await stage()
        #expect(stage.model.reduce(.key(.character(key))) == [.replay(command)])
        var live = Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [5, 5]))
        let effects = live.reduce(.key(.character(key)))
        #expect(!effects.contains(.replay(command)), "not where a cluster is watched")
    }

    @Test func nothingIsChangedByARecording() async throws {
        let stage = try await stage()
        stage.press(.character("$"))
        for key in "raAxXpPnL" {
            #expect(stage.model.reduce(.key(.character(key))) == [])
            #expect(stage.model.overlay == nil)
            #expect(stage.model.log.last?.text == "a recording cannot be changed")
        }
        #expect(stage.model.reduce(.key(.character("w"))) == [])
        #expect(stage.model.reduce(.key(.character("+"))) == [])
        let offered = Set(stage.model.commands.map(\.name))
        #expect(
            offered.isDisjoint(with: [
                "reshard", "abort", "add", "kill", "restart", "pause", "cut", "node", "traffic", "step", "run", "where",
                "follow", "poll", "freeze",
            ]))
        #expect(offered.isSuperset(of: ["play", "frame", "skip", "seek", "speed", "loop", "export", "filter", "sort"]))
    }

    @Test func theHeaderTellsWhereItIsInWordsAndFigures() async throws {
        let stage = try await stage()
        #expect(stage.text().contains("replay ▶ 1x 0:00 / 0:09"))
        stage.press(.character(">"))
        stage.pass(2_000)
        #expect(stage.text().contains("replay ▶ 2x 0:04 / 0:09"))
        stage.press(.character(" "))
        stage.press(.character("o"))
        stage.pass(2_000)
        #expect(stage.text().contains("replay ‖ 2x paused loop 0:04 / 0:09"))
        stage.press(.character("o"))
        stage.press(.character("$"))
        #expect(stage.text().contains("replay ■ 2x over 0:09 / 0:09"))
        #expect(stage.text(Size(width: 40, height: 12)).contains("0:09 / 0:09"))
        for word in ["live", "STALE", "read-only"] { #expect(!stage.text().contains(word)) }
    }

    @Test func itsKeysAreInTheHelpOfAReplayOnly() async throws {
        let stage = try await stage()
        stage.press(.character("?"))
        let help = stage.text()
        for words in ["one poll on, one poll back", "0.25x to 16x"] { #expect(help.contains(words)) }
        for words in ["reshard: choose", "kill -9", "freeze", "poll quicker"] { #expect(!help.contains(words)) }
        var live = Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [5, 5]))
        _ = live.reduce(.key(.character("?")))
        #expect(!Drawing(live, theme: .standard()).canvas(Size(width: 120, height: 60)).text.contains("one poll on"))
    }

    @Test func thePollsThatWerePlayedAreShownAgainAfterGoingBack() async throws {
        let stage = try await stage()
        var shown: [String] = []
        stage.press(.character(" "))
        for _ in 0..<33 {
            shown.append(stage.text())
            stage.press(.character("."))
        }
        for text in shown.reversed() {
            stage.press(.character(","))
            #expect(stage.text() == text)
        }
    }

    @Test func anyKeysAtAnySizeDrawAScreen() async throws {
        let stage = try await stage()
        var state: UInt64 = 5
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let keys =
            " f.,[]{}0$<>o?rawxL:/tjkGg".map { KeyEvent.character($0) } + [.enter, .escape, .tab, .up, .backspace]
        for _ in 0..<600 {
            for _ in 0..<random(8) { stage.press(keys[random(keys.count)]) }
            stage.pass(UInt64(random(900)))
            let size = Size(width: 1 + random(200), height: 1 + random(60))
            #expect(Drawing(stage.model, theme: .standard()).canvas(size).cells.count == size.width * size.height)
        }
    }
}
