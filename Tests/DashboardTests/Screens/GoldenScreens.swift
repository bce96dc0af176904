import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI

@testable import Dashboard

/// The screens that golden frames are kept of, by name.
enum GoldenScreens {
    static let two = Fixture.two
    static let even = [5_013, 4_987]

    static let all: [String: DashboardModel] = {
        standing.merging(dialogs) { first, _ in first }.merging(changes) { first, _ in first }
            .merging(reports) { first, _ in first }.merging(demos) { first, _ in first }
            .merging(AwkwardScreens.all) { first, _ in first }
            .merging(SlotScreens.all) { first, _ in first }
    }()

    static func migrating(_ phase: ReshardProgress.Phase) -> DashboardModel {
        Fixture.model(Fixture.snapshot(layout: two, keys: even, reshard: Fixture.reshard(phase), operations: 210))
    }

    static func calm(_ keys: [KeyEvent] = []) -> DashboardModel {
        Fixture.model(Fixture.snapshot(layout: two, keys: even), keys: keys)
    }

    /// Clusters that nothing is done to.
    /// What is typed, and what comes of it.
    static func filtered(_ text: String, isKept: Bool = true) -> DashboardModel {
        var model = Fixture.model(
            Fixture.snapshot(
                layout: two, keys: even, twists: [5: .init(isReachable: false, health: .down)], operations: 210))
        _ = model.reduce(.events(Fixture.events))
        for key in [KeyEvent.character("/")] + text.map({ .character($0) }) + (isKept ? [.enter] : []) {
            _ = model.reduce(.key(key))
        }
        return model
    }

    private static var standing: [String: DashboardModel] {
        var screens: [String: DashboardModel] = [
            "asking": Fixture.model(nil),
            "nobody": Fixture.model(
                ClusterSnapshot(
                    takenMilliseconds: Fixture.start,
                    nodes: [.init(address: Fixture.node(1), problem: "connection refused")]), capabilities: .basic),
            "overview": Fixture.model(Fixture.snapshot(layout: two, keys: even, joiners: [7], operations: 210)),
            "idle": calm(),
            "busy": busy,
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
            "basic": Fixture.model(Fixture.basic(), capabilities: .basic),
            "frozen": calm([.character("f")]),
            "wrong-protocol": wrongProtocol,
        ]
        _ = screens["overview"]?.reduce(.events(Fixture.events))
        screens["down"] = Fixture.model(
            Fixture.snapshot(
                layout: two, keys: even,
                twists: [
                    2: .init(state: .catchingUp, keys: 2_100), 4: .init(isReachable: false, health: .down),
                    5: .init(isReachable: false, health: .down), 6: .init(isReachable: false, health: .down),
                ]))
        screens["nodes"] = screens["down"]
        _ = screens["nodes"]?.reduce(.key(.character("N")))
        screens["zoomed-events"] = screens["busy"]
        for key in [KeyEvent.backTab, .character("z")] { _ = screens["zoomed-events"]?.reduce(.key(key)) }
        screens["zoomed-shards"] = screens["busy"]
        _ = screens["zoomed-shards"]?.reduce(.key(.character("z")))
        screens["gap"] = gap
        screens["health"] = screens["down"]
        _ = screens["health"]?.reduce(.key(.character("H")))
        var stale = calm()
        _ = stale.reduce(.tick(milliseconds: Fixture.start + 9_000))
        screens["stale"] = stale
        let many = (0..<50).map { [2 * $0 + 1, 2 * $0 + 2] }
        screens["many"] = Fixture.model(
            Fixture.snapshot(
                layout: many, keys: Array(repeating: 20_000, count: 50),
                twists: [7: .init(isReachable: false, health: .down), 60: .init(state: .catchingUp)]),
            keys: Array(repeating: .pageDown, count: 4))
        return screens
    }

    /// Keys are loaded, then nothing is known for a while, then clients come, and a burst of them.
    private static var gap: DashboardModel {
        var model = Fixture.model(nil)
        for second in Array(0..<10) + Array(24..<60) {
            let isLoading = second < 8
            _ = model.reduce(.demo(DemoState(loading: isLoading ? .init(done: second, total: 8) : nil)))
            _ = model.reduce(
                .snapshot(
                    Fixture.snapshot(
                        layout: two, keys: even,
                        operations: isLoading ? 2_000 : second == 50 ? 3_000 : 200 + Double(second % 7) * 20,
                        at: Fixture.start + UInt64(second) * 1_000), .full))
        }
        return model
    }

    /// Traffic that comes in waves, as many polls saw it.
    private static var busy: DashboardModel {
        var model = Fixture.model(nil)
        for poll in 0..<140 {
            let wave = Double((poll * poll / 7 + poll * 13) % 90) + Double(poll % 23) * 9
            _ = model.reduce(
                .snapshot(
                    Fixture.snapshot(
                        layout: two, keys: even, operations: poll < 20 ? 0 : wave * 4,
                        at: Fixture.start + UInt64(poll) * 1_000), .full))
        }
        _ = model.reduce(.events(Fixture.events))
        return model
    }

    /// One node answers as a node does, the others as something else.
    private static var wrongProtocol: DashboardModel {
        var snapshot = Fixture.snapshot(layout: two, keys: even)
        for index in snapshot.nodes.indices.dropFirst() {
            snapshot.nodes[index].answer = nil
            snapshot.nodes[index].isReachable = false
            snapshot.nodes[index].answeredMilliseconds = nil
            snapshot.nodes[index].problem = "answers, but not as a node of this store: 404 Not Found"
        }
        return Fixture.model(snapshot)
    }

    private static var dialogs: [String: DashboardModel] {
        var screens: [String: DashboardModel] = [
            "help": calm([.character("?")]), "node": calm([.enter]), "shard": calm([.character("S")]),
            "dialog-reshard": calm([.character("r")]),
            "dialog-failed": calm([.character("r"), .character("9")]),
            "dialog-too-early": calm([.character("r"), .tab, .enter]),
            "dialog-add": Fixture.model(
                Fixture.snapshot(layout: two, keys: even, joiners: [7]), keys: [.character("A")]),
            "command": calm([.character(":")] + "re".map { .character($0) }),
            "command-tab": calm([.character(":"), .character("r"), .tab, .tab]),
            "filter": calm([.character("/")] + "0.5".map { .character($0) }),
        ]
        _ = screens["dialog-reshard"]?.reduce(.planned(shardCount: 3, Fixture.plan))
        _ = screens["dialog-failed"]?.reduce(
            .planFailed(shardCount: 9, "9 shards need 18 nodes; 6 are up: 10.0.0.1:8081 turned it down"))
        var abort = migrating(.collate)
        _ = abort.reduce(.key(.character("a")))
        screens["dialog-abort"] = abort
        var locate = calm([.character("w")] + "user:7".map { .character($0) } + [.enter])
        _ = locate.reduce(.located(Fixture.location))
        screens["locate"] = locate
        return screens
    }

    private static var changes: [String: DashboardModel] {
        var screens: [String: DashboardModel] = [
            "check": migrating(.check), "collate": migrating(.collate), "rebalance": migrating(.rebalance),
            "broadcast": migrating(.broadcast), "switch": migrating(.freeze),
            "collate-moving": Fixture.moving(.collate), "rebalance-moving": Fixture.moving(.rebalance),
            "broadcast-moving": Fixture.moving(.broadcast),
        ]
        var hashed = Fixture.reshard(.rebalance)
        hashed.moves = Fixture.plan.moves
        screens["rebalance-portions"] = Fixture.model(
            Fixture.snapshot(layout: two, keys: even, reshard: hashed, operations: 210))
        var frozen = Fixture.reshard(.freeze)
        frozen.isAbortable = false
        for index in frozen.parts.indices { frozen.parts[index].state = index < 4 ? .accepted : .frozen }
        screens["accept"] = Fixture.model(Fixture.snapshot(layout: two, keys: even, reshard: frozen))
        var stalled = migrating(.broadcast)
        _ = stalled.reduce(.tick(milliseconds: Fixture.start + 4_000))
        screens["stalled"] = stalled
        var following = Fixture.moving(.broadcast)
        for key in [KeyEvent.character("w")] + "user:7".map({ .character($0) }) + [.enter] {
            _ = following.reduce(.key(key))
        }
        _ = following.reduce(.located(Fixture.location, under: Fixture.reshard(.broadcast)))
        _ = following.reduce(.key(.tab))
        screens["following"] = following
        let many = (0..<50).map { [2 * $0 + 1, 2 * $0 + 2] }
        screens["many-broadcast"] = Fixture.model(
            Fixture.snapshot(
                layout: many, keys: Array(repeating: 20_000, count: 50), reshard: Fixture.largeReshard()))
        var replay = DashboardModel(name: "demo", isReadOnly: true)
        var position = ReplayPosition(polls: [0, 5_000], durationMilliseconds: 65_000)
        position.obey(.quicker)
        position.advance(byMilliseconds: 6_500)
        var watched = Fixture.moving(.broadcast)
        watched.features = .ofRecording(.full)
        _ = replay.reduce(.replayed(ReplayMoment(watched: watched, position: position)))
        screens["replay"] = replay
        _ = replay.reduce(.key(.character("?")))
        screens["replay-help"] = replay
        return screens
    }

    /// What comes after a reshard: from a cluster that was seen before it.
    static func ended(
        _ reshard: ReshardProgress = Fixture.reshard(.done), keys: [Int] = [3_392, 3_301, 3_307],
        twists: [Int: Fixture.Twist] = [:], demo: DemoState? = nil
    ) -> DashboardModel {
        var model = calm()
        if let demo { _ = model.reduce(.demo(demo)) }
        _ = model.reduce(
            .snapshot(Fixture.snapshot(layout: two, keys: even, reshard: Fixture.reshard(.broadcast)), .full))
        _ = model.reduce(
            .snapshot(
                Fixture.snapshot(layout: Fixture.three, keys: keys, twists: twists, reshard: reshard, epoch: 2), .full))
        return model
    }

    private static var reports: [String: DashboardModel] {
        var screens: [String: DashboardModel] = ["report": ended()]
        var inferred = Fixture.basic()
        inferred.inferred = InferredChange(
            id: "seen-1", fromShardCount: 1, toShardCount: 2, afterMilliseconds: Fixture.start - 1_900,
            sinceMilliseconds: Fixture.start - 900)
        inferred.inferred?.dissenters = [Fixture.node(2)]
        screens["basic-change"] = Fixture.model(inferred, capabilities: .basic)
        inferred.inferred?.dissenters = []
        inferred.inferred?.state = .done
        inferred.inferred?.endedMilliseconds = Fixture.start
        screens["basic-report"] = Fixture.model(inferred, capabilities: .basic)
        var failed = Fixture.reshard(.failed)
        failed.error = "10.0.0.5:8081 went down during it"
        screens["failed"] = Fixture.model(Fixture.snapshot(layout: two, keys: even, reshard: failed))
        var aborted = Fixture.reshard(.aborted)
        aborted.error = "aborted by an operator"
        screens["aborted"] = Fixture.model(Fixture.snapshot(layout: two, keys: even, reshard: aborted))
        screens["not-clean"] = ended(
            keys: [3_392, 3_302, 3_307],
            twists: [4: .init(isReachable: false, health: .down), 5: .init(state: .catchingUp, keys: 2_100)])
        let operation = Fixture.reshard(.done).operation
        screens["reading-back"] = ended(demo: DemoState(reading: .init(done: 6_240, total: 10_000, unit: "key")))
        var readBack = ended(demo: DemoState())
        _ = readBack.reduce(.readBack(operation: operation, KeyCheck(asked: 10_000, total: 10_000)))
        screens["read-back"] = readBack
        return screens
    }

    private static var demos: [String: DashboardModel] {
        var screens: [String: DashboardModel] = [:]
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
        _ = demo.reduce(
            .demo(
                DemoState(
                    paused: [Fixture.node(2)],
                    traffic: ClientTraffic(
                        operationsPerSecond: 1_010, latencyMicrosecondsP50: 1_140, latencyMicrosecondsP99: 3_200_000,
                        latencyMicrosecondsMax: 3_200_000, errors: 1, operations: 7_333, waiting: 12,
                        waitingMicrosecondsMax: 3_200_000, offeredPerSecond: 1_200, heldBackPerSecond: 190))))
        screens["traffic-waiting"] = demo
        var loading = Fixture.model(Fixture.snapshot(layout: two, keys: [2_013, 1_987]))
        _ = loading.reduce(.demo(DemoState(loading: .init(done: 4_000, total: 10_000))))
        screens["loading"] = loading
        var starting = Fixture.model(nil)
        _ = starting.reduce(.demo(DemoState(starting: .init(serving: 0, total: 6))))
        screens["starting"] = starting
        var running = Fixture.reshard(.collate)
        running.step = .waiting
        var stepping = calm()
        _ = stepping.reduce(.demo(DemoState()))
        _ = stepping.reduce(.key(.character(".")))
        _ = stepping.reduce(.snapshot(Fixture.snapshot(layout: two, keys: even, reshard: running), .full))
        screens["stepping"] = stepping
        return screens
    }
}
