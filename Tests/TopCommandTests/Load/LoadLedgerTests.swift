import ShardClient
import ShardCore
import Testing

@testable import TopCommand

/// What a load tells and when it gives up; time is given.
@Suite(.timeLimit(.minutes(10))) struct LoadLedgerTests {
    private let start = ContinuousClock.now
    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    private func ledger(_ count: Int, concurrency: Int = 64) async throws -> LoadLedger {
        try await NodeTransport.with { transport in
            let client = ClusterClient(nodes: [], transport: transport)
            return LoadLedger(
                LoadRun(store: NodeKeyStore(client: client), count: count, prefix: "k", concurrency: concurrency),
                start: start)
        }
    }

    private func begin(_ ledger: inout LoadLedger, _ now: ContinuousClock.Instant) throws -> Int {
        let index = ledger.next(now: now)
        return try #require(index)
    }

    private let silent = KeyTrouble(kind: .silence, description: "nobody answers")

    @Test func `it begins with one put, and tells from the first second what waits`() async throws {
        var ledger = try await ledger(300)
        #expect(ledger.next(now: at(0)) == 0)
        #expect(ledger.next(now: at(0)) == nil)
        for tick in 1...5 { ledger.tick(now: at(tick * 200)) }
        #expect(
            ledger.progress(now: at(1_000)).words
                == "0 of 300 keys, 0 keys/s, 1 in flight, 1 waiting (longest 1.0 s)")
    }

    @Test func `the rate is that of the last second, and the first failure is told`() async throws {
        var ledger = try await ledger(300)
        for tick in 1...10 {
            for _ in 0..<tick {
                let index = try begin(&ledger, at(tick * 200 - 10))
                ledger.answered(index, now: at(tick * 200 - 8))
            }
            ledger.tick(now: at(tick * 200))
        }
        ledger.failed(try begin(&ledger, at(2_000)), silent, now: at(2_000))
        let progress = ledger.progress(now: at(2_000))
        #expect(progress.keys == 55)
        #expect(progress.keysPerSecond == 6 + 7 + 8 + 9 + 10)
        #expect(progress.words.hasSuffix("1 failed: \(silent)"))
    }

    @Test func `thirty seconds without an answer end it, with words`() async throws {
        var ledger = try await ledger(300)
        ledger.answered(try begin(&ledger, at(0)), now: at(5_000))
        _ = ledger.next(now: at(5_000))
        ledger.tick(now: at(34_900))
        #expect(!ledger.isGivenUp)
        ledger.tick(now: at(35_000))
        #expect(ledger.isGivenUp)
        let result = ledger.result(now: at(35_000))
        #expect(result.isGivenUp == true)
        #expect(result.keys == 1)
        let failure = try #require(LoadCommand.failure(result, of: 300))
        #expect(failure.status == .tryAgainLater)
        #expect(
            failure.words
                == "given up, 299 of 300 keys were not put: no node answered a put for 30 seconds")
    }

    @Test func `nodes that never answered are told as such, with the first failure`() async throws {
        var ledger = try await ledger(300)
        ledger.failed(try begin(&ledger, at(0)), silent, now: at(24_000))
        _ = ledger.next(now: at(24_000))
        ledger.tick(now: at(30_000))
        let failure = try #require(LoadCommand.failure(ledger.result(now: at(30_000)), of: 300))
        #expect(failure.status == .unavailable)
        #expect(failure.words.hasSuffix("for 30 seconds; the first failure: \(silent)"))
    }

    /// As where one shard of two is down: the puts of the other go on.
    @Test func `a put that is not done in time ends it with its reason, though others are answered`() async throws {
        var ledger = try await ledger(300)
        ledger.answered(try begin(&ledger, at(0)), now: at(1))
        let (stuck, other) = (try begin(&ledger, at(1_000)), try begin(&ledger, at(1_000)))
        ledger.answered(other, now: at(30_000))
        let reason = KeyTrouble(kind: .busy, description: "not now: shard 1", status: .tryAgainLater)
        ledger.failed(stuck, reason, now: at(30_600))
        #expect(ledger.isGivenUp)
        let failure = try #require(LoadCommand.failure(ledger.result(now: at(30_600)), of: 300))
        #expect(failure.status == .tryAgainLater)
        #expect(failure.words.hasSuffix(": a put was not done within 30 seconds: not now: shard 1"))
    }

    @Test func `one that comes back in time ends nothing`() async throws {
        var ledger = try await ledger(300)
        let busy = KeyTrouble(kind: .busy, description: "not now", status: .tryAgainLater)
        ledger.failed(try begin(&ledger, at(0)), busy, now: at(20_000))
        #expect(!ledger.isGivenUp)
        #expect(LoadCommand.failure(ledger.result(now: at(20_000)), of: 300)?.status == .tryAgainLater)
    }

    @Test func `where one put is not permitted no other is tried`() async throws {
        var ledger = try await ledger(300)
        let refusal = KeyTrouble(kind: .refused, description: "may only read", status: .notPermitted)
        ledger.failed(try begin(&ledger, at(0)), refusal, now: at(1))
        #expect(ledger.isGivenUp)
        let failure = try #require(LoadCommand.failure(ledger.result(now: at(1)), of: 300))
        #expect(failure.status == .notPermitted)
        #expect(failure.words == "given up, 300 of 300 keys were not put: may only read")
    }

    @Test func `a refusal is an answer`() async throws {
        var ledger = try await ledger(300)
        let refusal = KeyTrouble(kind: .refused, description: "no")
        ledger.failed(try begin(&ledger, at(0)), refusal, now: at(20_000))
        ledger.tick(now: at(31_000))
        #expect(!ledger.isGivenUp)
        #expect(LoadCommand.failure(ledger.result(now: at(31_000)), of: 300)?.status == .failed)
    }
}
