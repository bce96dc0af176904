import Foundation
import ShardClient
import ShardCore

/// Puts keys round-robin through all nodes, several at a time.
struct LoadRun: Sendable {
    struct Result: Sendable, Codable, Equatable {
        var keys = 0
        var failed = 0
        var microseconds: UInt64 = 0
        var latencyMicrosecondsP50: UInt64 = 0
        var latencyMicrosecondsP99: UInt64 = 0
        /// Of the first put that failed.
        var problem: String?

        var keysPerSecond: Int { microseconds == 0 ? 0 : Int(Double(keys) * 1_000_000 / Double(microseconds)) }
    }

    let client: ClusterClient
    let count: Int
    let prefix: String
    let concurrency: Int

    /// After this many failures nothing more is tried.
    static let failuresMax = 100

    func key(_ index: Int) -> String { "\(prefix)\(index)" }
    func value(_ index: Int) -> JSONText { .string("value of \(prefix)\(index)") }

    /// - Parameter progress: called now and then with the keys put so far.
    func run(progress: @escaping @Sendable (Int) -> Void) async -> Result {
        let start = ContinuousClock.now
        let shared = Locked(Tally())
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<min(concurrency, count) {
                group.addTask { await work(worker, shared, progress) }
            }
        }
        return shared.withLock { tally in
            let latencies = tally.latencies.sorted()
            var result = Result(keys: latencies.count, failed: tally.failed, problem: tally.problem)
            result.microseconds = ContinuousClock.now.microseconds(since: start)
            if !latencies.isEmpty {
                result.latencyMicrosecondsP50 = latencies[latencies.count / 2]
                result.latencyMicrosecondsP99 = latencies[min(latencies.count - 1, latencies.count * 99 / 100)]
            }
            return result
        }
    }

    private struct Tally {
        var latencies: [UInt64] = []
        var failed = 0
        var problem: String?
    }

    private func work(_ worker: Int, _ shared: Locked<Tally>, _ progress: @Sendable (Int) -> Void) async {
        for index in stride(from: worker, to: count, by: concurrency) {
            if Task.isCancelled { return }
            let start = ContinuousClock.now
            do throws(ClientError) {
                let first = client.nodes[index % client.nodes.count]
                _ = try await client.put(key(index), value: value(index), first: first)
                let latency = ContinuousClock.now.microseconds(since: start)
                let done = shared.withLock { tally in
                    tally.latencies.append(latency)
                    return tally.latencies.count
                }
                if done.isMultiple(of: 500) { progress(done) }
            } catch {
                let failed = shared.withLock { tally in
                    tally.failed += 1
                    tally.problem = tally.problem ?? "\(error)"
                    return tally.failed
                }
                if failed >= Self.failuresMax { return }
            }
        }
    }
}

extension ContinuousClock.Instant {
    func microseconds(since earlier: Self) -> UInt64 {
        let (seconds, attoseconds) = (self - earlier).components
        return UInt64(max(0, seconds)) * 1_000_000 + UInt64(max(0, attoseconds)) / 1_000_000_000_000
    }
}
