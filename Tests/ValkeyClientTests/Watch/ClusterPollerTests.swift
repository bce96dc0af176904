import ClusterModel
import Synchronization
import Testing

@testable import ValkeyClient

@Suite struct ClusterPollerTests {
    /// Servers of which one never answers until it is let go.
    private final class SlowCalls: ServerCalls {
        let harness: Mutex<WatchHarness>
        let slow: Int
        private let gate = AsyncStream<Void>.makeStream()

        init(_ harness: WatchHarness, slow: Int) {
            self.harness = Mutex(harness)
            self.slow = slow
        }

        func letGo() { gate.continuation.finish() }

        func send(
            _ commands: [Command], to server: ServerAddress, lane: Int, within limit: Duration
        ) async throws(ServerError) -> [RESPValue] {
            if server.port == 7000 + slow {
                for await _ in gate.stream {}
                throw ServerError(.silent, at: server, "no answer")
            }
            return harness.withLock { harness in commands.map { harness.reply($0, server.port - 7000) } }
        }
    }

    @Test func oneThatIsSlowDelaysNobody() async throws {
        let calls = SlowCalls(WatchHarness(WatchHarness.small), slow: 3)
        defer { calls.letGo() }
        var setup = WatchSetup()
        setup.timeoutMilliseconds = 200
        let poller = ClusterPoller(seeds: [ServerAddress(host: "10.0.0.1", port: 7001)], calls: calls, setup: setup)
        let report = await poller.look()
        #expect(report.topology?.nodes.count == 7)
        #expect([1, 2, 4, 5, 6, 7].allSatisfy { report.answers(WatchHarness.id($0)) })
        #expect(!report.answers(WatchHarness.id(3)))
        #expect(report.outage == nil)
    }

    @Test func aSourceThatOnlyLooksSaysSo() async throws {
        let calls = SlowCalls(WatchHarness(WatchHarness.small), slow: 0)
        let poller = ClusterPoller(seeds: [ServerAddress(host: "10.0.0.1", port: 7001)], calls: calls)
        let source = ValkeySource(poller: poller, calls: calls)
        let cluster = await source.snapshot()
        #expect(cluster.shards.count == 3)
        #expect(await source.outage == nil)
        #expect(await source.features.reshard == .absent)
        let error = await #expect(throws: ServerError.self) { try await source.perform(.shardCount(4)) }
        #expect(error?.description.contains("--operate") == true)
        #expect(await source.events().isEmpty)
    }
}
