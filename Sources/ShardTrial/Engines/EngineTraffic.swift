import Synchronization
import ValkeyClient

/// Clients at work in a Valkey or Redis cluster, and the account of what they were told.
final class EngineTraffic: Sendable {
    struct Tally: Sendable {
        var operations = 0
        /// By their kind.
        var failures: [String: Int] = [:]
        /// Acknowledged writes that are gone without an excuse.
        var wrong = 0
        /// Acknowledged writes that went with a server: the replica that took over may not have had them.
        var lostInFailover = 0
        /// The first of what went wrong, in the clients' words.
        var words: [String] = []
    }

    private static let prefix = "trial-traffic:"
    private static let secondsToLive = 86_400
    private static let wordsMax = 8

    let keys: [String]
    private let count: Int
    private let interval: Duration
    private let store: KeyClient
    private let clients: Mutex<[KeyTrafficClient]>
    private let tally = Mutex(Tally())

    init(_ options: EngineTrialOptions, _ servers: Servers, seeds: [ServerAddress]) {
        count = options.clients
        interval = .seconds(1) * options.clients / options.clientOperationsPerSecond
        var patience = KeyClient.Patience()
        // A failover takes the time-out of the nodes, an election, and word of it.
        patience.total = .seconds(20)
        store = KeyClient(servers, seeds: seeds, patience: patience)
        let clients = (0..<options.clients).map {
            KeyTrafficClient(
                number: $0, of: options.clients, prefix: Self.prefix, secondsToLive: Self.secondsToLive)
        }
        keys = clients.flatMap(\.keys)
        self.clients = Mutex(clients)
    }

    var figures: Tally { tally.withLock { $0 } }

    /// How many of the clients' keys there are. Call it when they do not work.
    func presentCount() async throws -> Int {
        var present = 0
        for key in keys {
            let answer = try await store.call(Command("EXISTS", key), key: Array(key.utf8))
            present += Int(answer.reply.integer ?? 0)
        }
        return present
    }

    /// Runs `body` while the clients work, and begins it once each of them has got something done.
    func during<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        let work = Task { await run() }
        do {
            try await awaitWork()
            let result = try await body()
            try await awaitWork()
            work.cancel()
            await work.value
            return result
        } catch {
            work.cancel()
            await work.value
            throw error
        }
    }

    private func awaitWork() async throws {
        let reached = figures.operations + 10 * count
        let end = ContinuousClock.now + TrialCluster.patience
        while figures.operations < reached {
            guard ContinuousClock.now < end else { throw TrialError("clients get nothing done any more") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func run() async {
        let ready = clients.withLock { clients in
            defer { clients = [] }
            return clients
        }
        await withDiscardingTaskGroup { group in
            for client in ready { group.addTask { await self.work(client) } }
        }
    }

    private func work(_ client: KeyTrafficClient) async {
        var client = client
        // Each begins at another time, so that they do not all come at once.
        var due = ContinuousClock.now + interval * client.number / count
        while !Task.isCancelled {
            try? await Task.sleep(until: due)
            // Operations that were missed are not made up for.
            due = max(due + interval, .now)
            let outcome = await client.operate(store)
            tally.withLock { $0.add(outcome, wordsMax: Self.wordsMax) }
        }
        clients.withLock { $0.append(client) }
    }
}

extension EngineTraffic.Tally {
    fileprivate mutating func add(_ outcome: KeyTrafficClient.Outcome, wordsMax: Int) {
        switch outcome {
        case .stopped: return
        case .fine: break
        case .failed(let kind, let words):
            failures[kind.rawValue, default: 0] += 1
            note(words, wordsMax)
        case .wrong(let words):
            wrong += 1
            note(words, wordsMax)
        case .lostInFailover: lostInFailover += 1
        }
        operations += 1
    }

    private mutating func note(_ text: String, _ wordsMax: Int) { if words.count < wordsMax { words.append(text) } }

    /// The failures and wrong answers that clients must not see, in one line of words; empty if there were none.
    var problems: [String] {
        guard wrong > 0 || !failures.isEmpty else { return [] }
        let kinds = failures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return ["clients saw \((kinds + ["\(wrong) wrong"]).joined(separator: ", ")): \(words.joined(separator: "; "))"]
    }

    var line: String {
        let failed = failures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return "\(operations) operations of clients, \(failed.isEmpty ? "no" : failed) errors, \(wrong) wrong, "
            + "\(lostInFailover) acknowledged writes lost in a failover"
    }
}
