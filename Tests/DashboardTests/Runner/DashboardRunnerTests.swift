import ClusterModel
import HostSystem
import ShardClient
import ShardCore
import ShardWire
import Synchronization
import TerminalUI
import Testing

@testable import Dashboard

/// A cluster that a test decides about.
private final class FakeSource: ClusterSource {
    struct Refused: TellingError { let description = "the nodes said no" }

    let answer: Mutex<Cluster?>
    let asked = Mutex<[String]>([])

    init(_ snapshot: ClusterSnapshot?) { answer = Mutex(snapshot.map { Cluster($0) }) }

    var features: Features { get async { .full } }
    var outage: (any Error)? { get async { nil } }

    /// A source without an answer keeps its callers waiting, like nodes that do not answer.
    func snapshot() async -> Cluster {
        while !Task.isCancelled {
            if let snapshot = answer.withLock({ $0 }) { return snapshot }
            await Task.yield()
        }
        return Cluster(takenMilliseconds: 0)
    }

    func events() async -> [ClusterModel.Event] { [] }
    func plan(_ goal: Goal) async throws -> Plan {
        asked.withLock { $0.append("plan: \(goal.words)") }
        return Plan(Fixture.plan)
    }
    func perform(_ goal: Goal, seen plan: Plan?) async throws {
        asked.withLock { $0.append(goal.words) }
        throw Refused()
    }
    func abort() async throws {}
    func setPace(keysPerSecond: Int?) async throws {}
    func step(_ order: StepOrder) async throws {}
    func locate(key: String) async throws -> KeyPlace { throw Refused() }
}

@MainActor @Suite struct DashboardRunnerTests {
    private func with(
        _ source: FakeSource, _ body: (FakeScreen) async throws -> Void
    ) async throws -> DashboardRunner.ExitReason {
        let screen = FakeScreen()
        let runner = DashboardRunner(source: source, screen: screen, isASCII: false, name: "demo")
        let running = Task { await runner.run() }
        try await body(screen)
        return await running.value
    }

    @Test func theFirstFrameComesBeforeAnyAnswer() async throws {
        let source = FakeSource(nil)
        let reason = try await with(source) { screen in
            await screen.next("Asking demo")
            source.answer.withLock { $0 = Cluster(Fixture.snapshot(layout: Fixture.two, keys: [5, 5])) }
            await screen.next("6/6 nodes up")
            screen.press(.character("q"))
        }
        #expect(reason == .quit)
    }

    @Test func nothingMovesWhileNothingHappens() async throws {
        // From the future, so that its age stays nought.
        let snapshot = Fixture.snapshot(layout: Fixture.two, keys: [5, 5], at: 4_000_000_000_000)
        _ = try await with(FakeSource(snapshot)) { screen in
            screen.press(.character("+"), .character("+"), .character("+"))
            await screen.next { $0.text.contains("polling every 100.0 ms") && $0.text.contains("6/6 nodes up") }
            let first = screen.frames.count
            for _ in 0..<8 { await screen.next() }
            #expect(Set(screen.frames[first...].map(\.text)).count == 1)
            screen.press(.character("q"))
        }
    }

    @Test func aReshardIsAskedForAndItsRefusalIsShown() async throws {
        let source = FakeSource(Fixture.snapshot(layout: Fixture.two, keys: [5, 5]))
        _ = try await with(source) { screen in
            await screen.next("6/6 nodes up")
            screen.press(.character("r"))
            await screen.next("keys change shard")
            screen.press(.tab, .enter)
            await screen.next("the nodes said no")
            screen.press(.character("q"))
        }
        #expect(source.asked.withLock { $0 } == ["plan: reshard to 3 shards", "reshard to 3 shards"])
    }

    @Test func theScreenFollowsItsSize() async throws {
        _ = try await with(FakeSource(Fixture.snapshot(layout: Fixture.two, keys: [5, 5]))) { screen in
            await screen.next("6/6 nodes up")
            screen.size = Size(width: 40, height: 12)
            screen.feed.yield(.resized(screen.size))
            await screen.next { $0.size == Size(width: 40, height: 12) }
            screen.press(.character("q"))
        }
    }

    @Test func controlZSuspendsAndSignalsEnd() async throws {
        let reason = try await with(FakeSource(Fixture.snapshot(layout: Fixture.two, keys: [5, 5]))) { screen in
            await screen.next("6/6 nodes up")
            screen.feed.yield(.suspend)
            await screen.next()
            #expect(screen.suspensions == 1)
            screen.feed.yield(.terminate(signal: 15))
        }
        #expect(reason == .signal(15))
    }

    @Test func aLostTerminalEndsIt() async throws {
        let reason = try await with(FakeSource(nil)) { screen in
            await screen.next("Asking")
            screen.feed.yield(.lost)
        }
        #expect(reason == .terminalLost)
    }
}
