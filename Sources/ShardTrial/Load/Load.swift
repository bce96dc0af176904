import BitCollections
import Foundation
import ShardClient
import ShardCore
import ShardSim
import ShardWire
import Synchronization

/// Clients with sessions that read, write and delete through all nodes, and the account that their answers are judged
/// by: the simulator's.
public final class Load: Sendable {
    public struct Counts: Sendable {
        public var reads = 0
        public var writes = 0
        /// 503 and the like: to be tried again.
        public var refused = 0
        /// Requests whose answer never came.
        public var unknown = 0
    }

    private struct Account {
        var history = History()
        var counts = Counts()
        var problems: [String] = []
        /// Milliseconds that answered reads took.
        var readMilliseconds: [Double] = []
        /// Answered writes by the node that was asked.
        var writesAt: [NodeAddress: Int] = [:]
    }

    private struct Session {
        let number: Int
        let homes: [NodeAddress]
        var context = ShardClient.CausalContext.none
        var known = BitSet()
        var random: SeededRandom
    }

    public let keys: [String]
    private let clients: [NodeAddress: ClusterClient]
    private let account = Mutex(Account())
    /// The context and the writes that each session knew last: others may go on from them.
    private let taught = Mutex<[Int: (ShardClient.CausalContext, BitSet)]>([:])
    private let begin = ContinuousClock.now

    public init(_ cluster: TrialCluster, _ transport: NodeTransport, keyCount: Int, keyPrefix: String = "trial") {
        keys = (0..<keyCount).map { "\(keyPrefix)-\($0)" }
        var configuration = ClusterClient.Configuration()
        // One try each: a write that is sent again elsewhere would be two writes of one value.
        configuration.roundsMax = 1
        clients = Dictionary(
            uniqueKeysWithValues: cluster.nodes.map {
                ($0, ClusterClient(nodes: [$0], transport: transport, configuration: configuration))
            })
    }

    public var counts: Counts { account.withLock { $0.counts } }
    public var problems: [String] { account.withLock { $0.problems } }
    public func writes(at node: NodeAddress) -> Int { account.withLock { $0.writesAt[node] ?? 0 } }

    /// The 99th percentile of the reads so far.
    public var readMilliseconds99: Double? {
        let sorted = account.withLock { $0.readMilliseconds }.sorted()
        return sorted.isEmpty ? nil : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    }

    private var micros: UInt64 {
        let (seconds, attoseconds) = (ContinuousClock.now - begin).components
        return UInt64(seconds) * 1_000_000 + UInt64(attoseconds / 1_000_000_000_000)
    }

    /// Runs sessions until the task that this runs in is cancelled.
    ///
    /// - Parameter homes: the nodes that each session uses.
    public func run(seed: UInt64, homes: [[NodeAddress]], thinkMilliseconds: UInt64 = 4) async {
        await withTaskGroup(of: Void.self) { group in
            for (number, homes) in homes.enumerated() {
                group.addTask { [self] in
                    var session = Session(
                        number: number, homes: homes, random: SeededRandom(seed: seed &+ UInt64(number) &* 7_919))
                    while !Task.isCancelled {
                        await step(&session)
                        try? await Task.sleep(for: .milliseconds(thinkMilliseconds))
                    }
                }
            }
        }
    }

    private func step(_ session: inout Session) async {
        guard let key = keys.randomElement(using: &session.random),
            let node = session.homes.randomElement(using: &session.random), let client = clients[node]
        else { return }
        switch Int.random(in: 0..<100, using: &session.random) {
        case 0..<50: await read(key, client, &session)
        case 50..<90: await write(key, isDelete: false, client, node, &session)
        case 90..<97: await write(key, isDelete: true, client, node, &session)
        default: learn(&session)
        }
    }

    /// Knows from now on what another session of the same homes knew: what people tell each other on the phone.
    private func learn(_ session: inout Session) {
        let (number, homes, context, known) = (session.number, session.homes, session.context, session.known)
        taught.withLock { $0[number] = (context, known) }
        guard homes.count == clients.count,
            let other = taught.withLock({ $0.filter { $0.key != number }.randomElement(using: &session.random) })
        else { return }
        // Contexts are not joined but by a node, so this is a session that goes on in the other's place.
        session.context = other.value.0
        session.known = other.value.1
    }

    private func read(_ key: String, _ client: ClusterClient, _ session: inout Session) async {
        let start = ContinuousClock.now
        do {
            let answer = try await client.get(key, context: session.context)
            let took = ContinuousClock.now - start
            let known = session.known
            session.known = account.withLock { account in
                account.counts.reads += 1
                account.readMilliseconds.append(
                    Double(took.components.seconds) * 1_000 + Double(took.components.attoseconds) / 1e15)
                return Self.judge(answer, key, known, &account)
            }
            session.context = answer.context
        } catch {
            count(error)
        }
    }

    private static func judge(
        absent key: String, at node: NodeAddress, _ known: BitSet, _ account: inout Account
    ) -> BitSet {
        let (wrong, deletion) = account.history.judge(absent: key, known: known)
        if let wrong { account.problems.append("\(wrong.0.rawValue): \(wrong.1), at \(node)") }
        return deletion.map { account.history.knowledge(known, adding: $0) } ?? known
    }

    private static func judge(_ answer: GetAnswer, _ key: String, _ known: BitSet, _ account: inout Account) -> BitSet {
        guard let json = answer.value else { return judge(absent: key, at: answer.node, known, &account) }
        guard let value = Int(json.description) else {
            account.problems.append("\(key) holds \(json), which nobody wrote")
            return known
        }
        if let wrong = account.history.judge(read: value, key: key, known: known) {
            account.problems.append("\(wrong.0.rawValue): \(wrong.1), at \(answer.node)")
        }
        guard account.history.writes.indices.contains(value) else { return known }
        return account.history.knowledge(known, adding: value)
    }

    private func write(
        _ key: String, isDelete: Bool, _ client: ClusterClient, _ node: NodeAddress, _ session: inout Session
    ) async {
        let known = session.known
        let now = micros
        let number = account.withLock { $0.history.begin(key, isDelete: isDelete, past: known, at: now) }
        do {
            let answer =
                isDelete
                ? try await client.delete(key, context: session.context)
                : try await client.put(key, value: JSONText("\(number)") ?? .null, context: session.context)
            let (timestamp, end) = (Self.timestamp(answer.context), micros)
            session.known = account.withLock { account in
                account.counts.writes += 1
                account.writesAt[node, default: 0] += 1
                guard answer.outcome != .noSuchKey else {
                    // An earlier try at another member may have deleted it, so the deletion may have happened.
                    return Self.judge(absent: key, at: answer.node, known, &account)
                }
                guard let timestamp else {
                    account.problems.append("the context of \(answer.node) cannot be read")
                    return known
                }
                account.history.answer(number, timestamp: timestamp, at: end)
                return account.history.knowledge(known, adding: number)
            }
            session.context = answer.context
        } catch {
            count(error)
        }
    }

    private func count(_ error: ClientError) {
        account.withLock { account in
            switch error {
            case .tryAgainLater: account.counts.refused += 1
            case .refused(_, let status, _) where status == 507: account.counts.refused += 1
            case .outcomeUnknown, .nobodyAnswers: account.counts.unknown += 1
            case .refused, .notThisAPI, .notPermitted, .noSecureConnection, .notSupported, .changeEnded, .planOutdated:
                if !Task.isCancelled { account.problems.append("a request failed: \(error)") }
            }
        }
    }

    static func timestamp(_ context: ShardClient.CausalContext) -> UInt64? {
        var text = context.json.bytes[...]
        if text.first == UInt8(ascii: "\"") { text = text.dropFirst().dropLast() }
        return (try? ContextCodec.decode(text))?.timestamp
    }

    // MARK: The end

    /// Reads every key through every node, until all nodes tell the same of each. Says how long that took.
    ///
    /// - Returns: how long until they did, and what is wrong with what they tell, judged by all that was answered.
    public func judgeEnd() async throws -> (agreed: Duration, problems: [String]) {
        let start = ContinuousClock.now
        var differing: [String] = keys
        var found: [String: (value: Int?, timestamp: UInt64?)] = [:]
        while true {
            var still: [String] = []
            for key in differing {
                let answers = try await everywhere(key)
                if Set(answers.values.map { $0.value?.description ?? "absent" }).count > 1 {
                    still.append(key)
                    continue
                }
                guard let first = answers.values.first else { continue }
                let isThere = first.value != nil
                found[key] = (
                    first.value.flatMap { Int($0.description) }, isThere ? Self.timestamp(first.context) : nil
                )
            }
            differing = still
            if still.isEmpty { break }
            guard ContinuousClock.now - start < TrialCluster.patience else {
                return (ContinuousClock.now - start, ["the nodes do not agree about \(still.prefix(5))"])
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        let agreed = ContinuousClock.now - start
        let wrong = account.withLock { account in
            keys.compactMap { key in
                account.history.judge(final: found[key]?.value, timestamp: found[key]?.timestamp, key: key)
            }
        }
        return (agreed, wrong.map { "\($0.0.rawValue): \($0.1)" })
    }

    private func everywhere(_ key: String) async throws -> [NodeAddress: GetAnswer] {
        try await withThrowingTaskGroup(of: (NodeAddress, GetAnswer).self) { group in
            for (node, client) in clients { group.addTask { (node, try await client.get(key)) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
