import Foundation
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// Every screen as text, compared with files that were looked at.
///
/// `REWRITE_GOLDEN=1` writes the files anew; such a run fails, so that nothing passes by rewriting.
///
/// One after the other: all at once they would keep the tests that wait for answers from their turn.
@Suite(.serialized) struct GoldenFrameTests {
    static let sizes = [
        Size(width: 40, height: 12), Size(width: 80, height: 24), Size(width: 120, height: 35),
        Size(width: 200, height: 60),
    ]

    static var screens: [String: DashboardModel] {
        let two = Fixture.two
        let even = [5_013, 4_987]
        func migrating(_ phase: ReshardProgress.Phase) -> DashboardModel {
            Fixture.model(Fixture.snapshot(layout: two, keys: even, reshard: Fixture.reshard(phase), operations: 210))
        }
        var screens: [String: DashboardModel] = [
            "asking": Fixture.model(nil),
            "nobody": Fixture.model(
                ClusterSnapshot(
                    takenMilliseconds: Fixture.start,
                    nodes: [.init(address: Fixture.node(1), problem: "connection refused")]), capabilities: .basic),
            "overview": Fixture.model(Fixture.snapshot(layout: two, keys: even, joiners: [7], operations: 210)),
            "troubles": Fixture.model(
                Fixture.snapshot(
                    layout: two, keys: even,
                    twists: [
                        2: .init(state: .catchingUp, keys: 2_100), 3: .init(epoch: 2),
                        4: .init(isReachable: false, health: .up), 5: .init(isReachable: false, health: .down),
                    ], epoch: 3)),
            "dead": Fixture.model(
                Fixture.snapshot(
                    layout: two, keys: even,
                    twists: Dictionary(uniqueKeysWithValues: (1...6).map { ($0, .init(isReachable: false)) }))),
            "collate": migrating(.collate), "rebalance": migrating(.rebalance), "broadcast": migrating(.broadcast),
            "switch": migrating(.freeze),
            "basic": Fixture.model(Fixture.basic(), capabilities: .basic),
            "dialog-reshard": Fixture.model(Fixture.snapshot(layout: two, keys: even), keys: [.character("r")]),
            "help": Fixture.model(Fixture.snapshot(layout: two, keys: even), keys: [.character("?")]),
            "node": Fixture.model(Fixture.snapshot(layout: two, keys: even), keys: [.enter]),
            "shard": Fixture.model(Fixture.snapshot(layout: two, keys: even), keys: [.character("S")]),
            "frozen": Fixture.model(Fixture.snapshot(layout: two, keys: even), keys: [.character("f")]),
        ]
        _ = screens["overview"]?.reduce(.events(Fixture.events))
        _ = screens["dialog-reshard"]?.reduce(.planned(shardCount: 3, Fixture.plan))
        var stale = Fixture.model(Fixture.snapshot(layout: two, keys: even))
        _ = stale.reduce(.tick(milliseconds: Fixture.start + 9_000))
        screens["stale"] = stale
        var stalled = migrating(.broadcast)
        _ = stalled.reduce(.tick(milliseconds: Fixture.start + 4_000))
        screens["stalled"] = stalled
        var done = migrating(.freeze)
        _ = done.reduce(
            .snapshot(
                Fixture.snapshot(
                    layout: Fixture.three, keys: [3_392, 3_301, 3_307], reshard: Fixture.reshard(.done), epoch: 2),
                .full))
        screens["report"] = done
        var inferred = Fixture.basic()
        inferred.reshard = ReshardProgress(
            operation: "inferred-1", kind: .reshard, coordinator: Fixture.node(1), fromEpoch: 0, toEpoch: 0,
            fromShardCount: 1, toShardCount: 2, phase: .done, startedMilliseconds: Fixture.start - 900)
        inferred.reshard?.finishedMilliseconds = Fixture.start
        inferred.isReshardInferred = true
        screens["basic-report"] = Fixture.model(inferred, capabilities: .basic)
        var failed = Fixture.reshard(.failed)
        failed.error = "10.0.0.5:8081 went down during it"
        screens["failed"] = Fixture.model(Fixture.snapshot(layout: two, keys: even, reshard: failed))
        var locate = Fixture.model(
            Fixture.snapshot(layout: two, keys: even),
            keys: [.character("w")] + "user:7".map { .character($0) } + [.enter])
        _ = locate.reduce(.located(Fixture.location))
        screens["locate"] = locate
        screens["collate-moving"] = Fixture.moving(.collate)
        screens["broadcast-moving"] = Fixture.moving(.broadcast)
        var following = Fixture.moving(.broadcast)
        for key in [KeyEvent.character("w")] + "user:7".map({ .character($0) }) + [.enter] {
            _ = following.reduce(.key(key))
        }
        _ = following.reduce(.located(Fixture.location))
        _ = following.reduce(.key(.tab))
        screens["following"] = following
        var replay = DashboardModel(name: "demo", isReadOnly: true)
        var position = ReplayPosition(polls: [0, 5_000], durationMilliseconds: 65_000)
        position.obey(.quicker)
        position.advance(byMilliseconds: 6_500)
        var watched = Fixture.moving(.broadcast)
        watched.capabilities = .ofRecording(.full)
        _ = replay.reduce(.replayed(ReplayMoment(watched: watched, position: position)))
        screens["replay"] = replay
        _ = replay.reduce(.key(.character("?")))
        screens["replay-help"] = replay
        var demo = migrating(.broadcast)
        for rate in [0.0, 300, 620, 655, 641] {
            _ = demo.reduce(
                .demo(
                    DemoState(
                        paused: [Fixture.node(2)],
                        traffic: ClientTraffic(
                            operationsPerSecond: rate, latencyMicrosecondsP50: 1_140, latencyMicrosecondsP99: 8_300,
                            latencyMicrosecondsMax: 41_200, errors: 1, operations: 6_333))))
        }
        screens["traffic"] = demo
        var loading = Fixture.model(Fixture.snapshot(layout: two, keys: [2_013, 1_987]))
        _ = loading.reduce(.demo(DemoState(loading: .init(done: 4_000, total: 10_000))))
        screens["loading"] = loading
        screens["command"] = Fixture.model(
            Fixture.snapshot(layout: two, keys: even), keys: [.character(":")] + "re".map { .character($0) })
        screens["filter"] = Fixture.model(
            Fixture.snapshot(layout: two, keys: even), keys: [.character("/")] + "0.5".map { .character($0) })
        let many = (0..<50).map { [2 * $0 + 1, 2 * $0 + 2] }
        screens["many"] = Fixture.model(
            Fixture.snapshot(
                layout: many, keys: Array(repeating: 20_000, count: 50),
                twists: [7: .init(isReachable: false, health: .down), 60: .init(state: .catchingUp)]),
            keys: Array(repeating: .pageDown, count: 4))
        screens["many-broadcast"] = Fixture.model(
            Fixture.snapshot(
                layout: many, keys: Array(repeating: 20_000, count: 50), reshard: Fixture.largeReshard()))
        return screens
    }

    @Test(arguments: screens.keys.sorted())
    func aScreenLooksAsItDidWhenItWasLookedAt(name: String) async throws {
        let model = try #require(Self.screens[name])
        for size in Self.sizes {
            await Task.yield()
            let text = Drawing(model, theme: .standard()).canvas(size).text
            try compare(text, "\(name)-\(size.width)x\(size.height)")
        }
    }

    @Test(arguments: ["overview", "broadcast-moving", "troubles", "replay"])
    func aScreenOfASCIIHasNothingElse(name: String) throws {
        let model = try #require(Self.screens[name])
        let text = Drawing(model, theme: .standard(isASCII: true)).canvas(Size(width: 80, height: 24)).text
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        try compare(text, "\(name)-ascii-80x24")
    }

    /// The styles of every screen, in colour and without: at 80x24 run by run, for a person to compare; at the other
    /// sizes as a fingerprint.
    @Test(arguments: screens.keys.sorted())
    func stylesStayAsTheyWere(name: String) async throws {
        let model = try #require(Self.screens[name])
        var text = ""
        for theme in [ThemeName.dark, .mono] {
            for size in Self.sizes {
                await Task.yield()
                let styles = Drawing(model, theme: .named(theme)).canvas(size).attributesText
                text += "\(theme.rawValue) \(size.width)x\(size.height)"
                text += size.width == 80 ? "\n\(styles)" : " \(Self.fingerprint(styles))\n"
            }
        }
        try compare(text, "Styles/\(name)")
    }

    /// FNV-1a of 64 bits.
    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }

    @Test(arguments: screens.keys.sorted())
    func theMonoThemeHasNoColourAndTheSameText(name: String) async throws {
        let model = try #require(Self.screens[name])
        for size in Self.sizes {
            await Task.yield()
            let canvas = Drawing(model, theme: .named(.mono)).canvas(size)
            #expect(canvas.cells.allSatisfy { $0.style.foreground == nil && $0.style.background == nil })
            #expect(canvas.text == Drawing(model, theme: .named(.light)).canvas(size).text)
        }
    }

    /// Without colour every condition still has its word.
    @Test func troublesAreToldInWords() throws {
        let text = Drawing(try #require(Self.screens["troubles"]), theme: .standard()).canvas(
            Size(width: 120, height: 35)
        ).text
        for word in ["catching up", "epoch 2", "no answer", "down"] { #expect(text.contains(word)) }
    }

    private func compare(_ text: String, _ name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["REWRITE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was written anew; look at it, and run again without REWRITE_GOLDEN")
            return
        }
        let wanted = try String(contentsOf: file, encoding: .utf8)
        #expect(text == wanted, "\(name) has changed:\n\(text)")
    }
}
