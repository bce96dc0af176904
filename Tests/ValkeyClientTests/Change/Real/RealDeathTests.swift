import ClusterModel
import LocalServers
import Synchronization
import Testing

@testable import ValkeyClient

/// Deaths in the middle of a change of a real cluster.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled { await RealServers.areThere(.valkey, .redis) })
struct RealDeathTests {
    @Test(arguments: [(ServerEngine.valkey, false), (.redis, true)])
    func `a source that is killed is replaced, and the change goes on`(engine: ServerEngine, isClassic: Bool)
        async throws
    {
        try await LoadedCluster.with(engine, replicasEach: 1, keys: 3_000) { loaded in
            for primary in loaded.cluster.primaries { _ = try await primary.send("WAIT", "1", "2000") }
            let (began, killed) = (Once(), Once())
            let watched = WatchedCalls(calls: loaded.servers) { commands in
                let isInTheMiddle = commands.contains { command in
                    isClassic
                        ? command.description.contains("SETSLOT 64 MIGRATING")
                        : command.description.hasSuffix("GETSLOTMIGRATIONS")
                }
                if isInTheMiddle, began.hasHappened, killed.happens() {
                    await loaded.cluster.primaries[0].kill()
                }
                let begins = commands.contains {
                    $0.description.contains("SLOTSRANGE 0 149") || $0.description.contains("IMPORTING")
                }
                if begins { _ = began.happens() }
            }
            // The shard keeps its name when another takes its primary's place.
            try await loaded.changer.perform(
                .move(slots: 0...149, from: nil, to: 1), on: loaded.ground(watched), way: isClassic ? .classic : nil)
            #expect(killed.hasHappened)
            try await loaded.expectWhole()
            let owner = try await loaded.survey().topology.node(at: loaded.cluster.primaries[1].address)
            #expect(owner?.slots.isSuperset(of: SlotSet(0...149)) == true)
        }
    }

    @Test func `what a program that was killed left open is found at the next start, refused, and repaired`()
        async throws
    {
        try await LoadedCluster.with(.redis, keys: 3_000) { loaded in
            let death = Once()
            let dying = WatchedCalls(calls: loaded.servers) { commands in
                if death.hasHappened { try? await Task.sleep(for: .seconds(3_600)) }
                if commands.contains(where: { $0.arguments.contains(Array("KEYS".utf8)) }) { _ = death.happens() }
            }
            let ground = loaded.ground(dying)
            let first = Task {
                try await Changer(calls: dying, login: .open).perform(.move(slots: 0...99, from: 0, to: 1), on: ground)
            }
            while !death.hasHappened { try await Task.sleep(for: .milliseconds(5)) }
            while try await loaded.survey().topology.openSlots.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            let error = await #expect(throws: ChangeError.self) { try await loaded.perform(.rebalance(by: .slots)) }
            #expect(error?.reason.contains("are open: somebody else moves them, or a move was broken off") == true)
            let plan = try await loaded.plan(.repair(.finish))
            #expect(plan.steps.contains { $0.contains("what keys are left at") })
            try await loaded.perform(.repair(.finish))
            try await loaded.expectWhole()
            #expect(try await loaded.plan(.repair(.finish)).steps.isEmpty)
            first.cancel()
        }
    }
}

/// A thing that happens once.
final class Once: Sendable {
    private let done = Mutex(false)

    var hasHappened: Bool { done.withLock { $0 } }

    /// True the first time.
    func happens() -> Bool {
        done.withLock { done in
            defer { done = true }
            return !done
        }
    }
}

/// Calls that a test sees before they go on their way.
struct WatchedCalls: ServerCalls {
    let calls: any ServerCalls
    let see: @Sendable ([Command]) async -> Void

    init(calls: any ServerCalls, see: @escaping @Sendable ([Command]) async -> Void) {
        self.calls = calls
        self.see = see
    }

    func send(
        _ commands: [Command], to server: ServerAddress, lane: Int, within limit: Duration
    ) async throws(ServerError) -> [RESPValue] {
        await see(commands)
        return try await calls.send(commands, to: server, lane: lane, within: limit)
    }
}
