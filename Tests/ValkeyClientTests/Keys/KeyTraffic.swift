import Synchronization
import ValkeyClient

/// Many clients at once that read and write keys of their own, each as fast as it is answered or as paced, until stopped.
final class KeyTraffic: Sendable {
    /// What they did and saw so far.
    struct Tally: Sendable {
        var operations = 0
        var failures = 0
        /// Acknowledged writes that are gone without an excuse.
        var wrong = 0
        /// Acknowledged writes that went with a server.
        var lostInFailover = 0
        /// Of the first failure, or the first value that is gone.
        var problem: String?
        var latencies = LatencyCounts()
    }

    private let clients: Mutex<[KeyTrafficClient]>
    private let count: Int
    private let tally = Mutex(Tally())

    /// - Parameters:
    ///   - prefix: of the keys; belongs to this traffic alone.
    ///   - secondsToLive: of each key after its last write, so that nothing stays where this program is killed.
    init(clients count: Int, prefix: String, secondsToLive: Int = 3_600) {
        self.count = max(1, count)
        let clients = (0..<self.count).map {
            KeyTrafficClient(number: $0, of: count, prefix: prefix, secondsToLive: secondsToLive)
        }
        self.clients = Mutex(clients)
    }

    var figures: Tally { tally.withLock { $0 } }

    /// Works until the task is cancelled. What the clients remember stays for the next run.
    ///
    /// - Parameter operationsPerSecond: of all clients together, at most; nil: as fast as they are answered.
    func run(_ store: KeyClient, operationsPerSecond: Int? = nil) async {
        let interval = operationsPerSecond.map { Duration.seconds(1) * count / max(1, $0) }
        let ready = clients.withLock { clients in
            defer { clients = [] }
            return clients
        }
        await withDiscardingTaskGroup { group in
            for client in ready { group.addTask { await self.work(client, store, interval) } }
        }
    }

    private func work(_ client: KeyTrafficClient, _ store: KeyClient, _ interval: Duration?) async {
        var client = client
        // Each begins at another time, so that they do not all come at once.
        var due = ContinuousClock.now + (interval.map { $0 * client.number / count } ?? .zero)
        while !Task.isCancelled {
            if let interval {
                try? await Task.sleep(until: due)
                // What was missed is not made up for.
                due = max(due + interval, .now)
            }
            let start = ContinuousClock.now
            let outcome = await client.operate(store)
            let took = ContinuousClock.now - start
            tally.withLock { $0.add(outcome, took: took) }
        }
        clients.withLock { $0.append(client) }
    }

    /// Deletes what the clients may have written. Call it when they do not run.
    ///
    /// - Returns: how many keys could not be deleted; those go by their time to live.
    func cleanUp(_ store: KeyClient) async -> Int {
        await KeySweep.delete(clients.withLock { $0.flatMap(\.keys) }, store)
    }
}

extension KeyTraffic.Tally {
    mutating func add(_ outcome: KeyTrafficClient.Outcome, took: Duration) {
        switch outcome {
        case .stopped: return
        case .fine: latencies.add(took)
        case .failed(_, let words):
            failures += 1
            problem = problem ?? words
        case .wrong(let words):
            wrong += 1
            problem = problem ?? words
        case .lostInFailover(let words):
            lostInFailover += 1
            problem = problem ?? words
        }
        operations += 1
    }
}
