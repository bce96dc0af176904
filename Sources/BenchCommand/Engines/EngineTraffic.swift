import Foundation
import ValkeyClient

/// Clients that read and write keys of their own, and hold the cluster to what it acknowledged. Each request is due at a
/// fixed time, whatever became of those before: so a stall counts for every request that would have been made meanwhile.
struct EngineTraffic: Sendable {
    /// The latencies, failures and losses that the clients saw.
    struct Outcome: Sendable, Codable {
        /// From when a request was due until it was answered: of 99 % of them, and the slowest.
        var percentile99Milliseconds = 0.0
        var slowestMilliseconds = 0.0
        var requests = 0
        var failures = 0
        /// Acknowledged values that were gone, the first of them in words.
        var losses: [String] = []
    }

    private static let clientCount = 64
    private static let lossesMax = 3

    private let store: KeyClient
    private let requestsPerSecond: Double
    private var clients: [KeyTrafficClient]

    init(_ store: KeyClient, requestsPerSecond: Int) {
        self.store = store
        self.requestsPerSecond = Double(requestsPerSecond)
        clients = (0..<Self.clientCount).map {
            KeyTrafficClient(number: $0, of: Self.clientCount, prefix: "bench:client:", secondsToLive: 3_600)
        }
    }

    /// Returns when it is over and all requests that were begun are answered.
    mutating func run(until isOver: Flag) async -> Outcome {
        let (store, rate, start, clients) = (store, requestsPerSecond, ContinuousClock.now, clients)
        return await withTaskGroup(of: (KeyTrafficClient, [Double], Outcome).self) { group in
            for client in clients {
                group.addTask { await Self.work(client, store, rate, start, isOver) }
            }
            var sum = Outcome()
            var times: [Double] = []
            for await (client, milliseconds, outcome) in group {
                self.clients[client.number] = client
                times += milliseconds
                sum.failures += outcome.failures
                sum.losses += outcome.losses.prefix(Self.lossesMax - sum.losses.count)
            }
            sum.requests = times.count
            sum.percentile99Milliseconds = Report.percentile(0.99, of: times)
            sum.slowestMilliseconds = times.max() ?? 0
            return sum
        }
    }

    private static func work(
        _ client: KeyTrafficClient, _ store: KeyClient, _ rate: Double, _ start: ContinuousClock.Instant, _ isOver: Flag
    ) async -> (KeyTrafficClient, [Double], Outcome) {
        var client = client
        var times: [Double] = []
        var outcome = Outcome()
        var number = client.number
        while !isOver.isSet {
            let due = start + .seconds(Double(number) / rate)
            let isLate = ContinuousClock.now > due
            // That this process is woken late is not the servers' doing.
            if !isLate { try? await Task.sleep(until: due, clock: .continuous) }
            if isOver.isSet { break }
            let begin = isLate ? due : ContinuousClock.now
            switch await client.operate(store) {
            case .fine: break
            case .failed, .stopped: outcome.failures += 1
            case .wrong(let words), .lostInFailover(let words): outcome.losses.append(words)
            }
            times.append((ContinuousClock.now - begin) / .milliseconds(1))
            number += clientCount
        }
        return (client, times, outcome)
    }
}
