import Dashboard
import Foundation
import ShardClient
import ShardCore

/// Client traffic for a demo: reads and writes of the loaded keys, through all nodes, for as long as it is on.
///
/// Every client has keys of its own, remembers what it wrote to them last, and holds the cluster to it.
final class TrafficRun: Sendable {
    private static let clients = 16
    /// Between two requests of one client, so that a room can follow and the machine has rest.
    private static let pauseMilliseconds = 12
    private static let keysPerClient = 40
    private static let windowMicroseconds: UInt64 = 1_000_000

    private let transport: NodeTransport
    private let nodes: [NodeAddress]
    /// Those that were loaded: the clients use the first of them, so that the number of keys stays.
    private let keys: Int
    private let tally = Locked(Tally())
    private let task = Locked<Task<Void, Never>?>(nil)

    private struct Tally {
        var recent: [(at: ContinuousClock.Instant, microseconds: UInt64)] = []
        var operations = 0
        var errors = 0
        var problem: String?
    }

    init(nodes: [NodeAddress], transport: NodeTransport, keys: Int) {
        self.keys = keys
        self.nodes = nodes
        self.transport = transport
    }

    deinit { stop() }

    var isOn: Bool { task.withLock { $0 != nil } }

    func start() {
        task.withLock { task in
            guard task == nil else { return }
            tally.withLock { $0 = Tally() }
            let (transport, nodes, keys, tally) = (transport, nodes, keys, tally)
            task = Task {
                await withDiscardingTaskGroup { group in
                    for number in 0..<Self.clients {
                        group.addTask { await Self.work(number, nodes, keys, transport, tally) }
                    }
                }
            }
        }
    }

    func stop() {
        task.withLock { task in
            task?.cancel()
            task = nil
        }
    }

    /// The last second's figures; nil while it is off.
    func figures() -> ClientTraffic? {
        guard isOn else { return nil }
        return tally.withLock { tally in
            let now = ContinuousClock.now
            tally.recent.removeAll { now.microseconds(since: $0.at) > Self.windowMicroseconds }
            let latencies = tally.recent.map(\.microseconds).sorted()
            func percentile(_ share: Int) -> UInt64? {
                latencies.isEmpty ? nil : latencies[min(latencies.count - 1, latencies.count * share / 100)]
            }
            return ClientTraffic(
                operationsPerSecond: Double(latencies.count), latencyMicrosecondsP50: percentile(50),
                latencyMicrosecondsP99: percentile(99), latencyMicrosecondsMax: latencies.last, errors: tally.errors,
                operations: tally.operations, problem: tally.problem)
        }
    }

    /// So many of the loaded keys, the first ones, hold what the clients wrote.
    var keysWritten: Int { keys >= Self.clients * Self.keysPerClient ? Self.clients * Self.keysPerClient : 0 }

    private static func key(_ number: Int, of keys: Int) -> String {
        keys >= clients * keysPerClient ? "key-\(number)" : "client-key-\(number)"
    }

    private static func work(
        _ number: Int, _ nodes: [NodeAddress], _ keys: Int, _ transport: NodeTransport,
        _ tally: Locked<Tally>
    ) async {
        let client = ClusterClient(nodes: nodes, transport: transport)
        var context = CausalContext.none
        var memory = Memory()
        var count = number
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let key = key(number + clients * (count / 4 % keysPerClient), of: keys)
            // Each kind of request goes through every node in turn.
            let first = nodes[(count + count / 4) % nodes.count]
            var problem: String?
            do throws(ClientError) {
                if count % 4 == 0 {
                    let value = JSONText.string("write \(count)")
                    memory.willWrite(value, to: key)
                    let answer = try await client.put(key, value: value, context: context, first: first)
                    context = answer.context
                    if !answer.mayComeTwice { memory.wasWritten(value, to: key) }
                } else {
                    let answer = try await client.get(key, context: context, first: first)
                    context = answer.context
                    problem = memory.problem(answer, of: key)
                }
            } catch {
                problem = "\(error)"
            }
            if Task.isCancelled { return }
            let latency = ContinuousClock.now.microseconds(since: start)
            tally.withLock { [problem] tally in
                tally.operations += 1
                if let problem {
                    tally.errors += 1
                    tally.problem = problem
                } else {
                    tally.recent.append((ContinuousClock.now, latency))
                }
            }
            count += 1
            try? await Task.sleep(for: .milliseconds(pauseMilliseconds))
        }
    }
}

extension TrafficRun {
    /// What one client wrote to its keys, and may therefore read.
    struct Memory {
        private var written: [String: JSONText] = [:]
        /// Writes that nobody answered for. They may take effect at any time, as those of a node that was paused do.
        private var open: [String: Set<JSONText>] = [:]

        mutating func willWrite(_ value: JSONText, to key: String) {
            open[key, default: []].insert(value)
        }

        mutating func wasWritten(_ value: JSONText, to key: String) {
            written[key] = value
            open[key]?.remove(value)
        }

        /// What is wrong with an answer, in words; nil where nothing is.
        func problem(_ answer: GetAnswer, of key: String) -> String? {
            guard let wanted = written[key], answer.value != wanted else { return nil }
            if let value = answer.value, open[key]?.contains(value) ?? false { return nil }
            let found = answer.value.map { "holds \($0)" } ?? "is missing"
            return "\(key) \(found) through \(answer.node), where \(wanted) was written"
        }
    }
}
