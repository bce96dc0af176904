import BitCollections
import ShardCore

/// Clients that put, get and delete through random nodes, each with one request open at a time, and judge every answer.
final class Clients {
    /// The longest that an answer may take, beyond the node's own wait for dependencies.
    private static let answerMicrosecondsMax: UInt64 = 9_000_000

    private(set) var history = History()
    private(set) var answers = 0
    private(set) var refusals: [String: Int] = [:]
    private(set) var failures: [Failure] = []
    /// Called with everything that happens, for the trace.
    var onLine: ((String) -> Void)?

    private let cluster: SimulatedCluster
    private let expectations: Expectations?
    /// True if a disk, or members that have not confirmed a write yet, may hold reads back.
    private let mayReadsWait: Bool
    /// True if all nodes may lose their memory: they then found another cluster.
    private let mayBeginAnew: Bool
    private let namesWritesNeverMade: Bool
    private let thinkMilliseconds: ClosedRange<UInt64>
    private let deleteShare: Double
    let keys: [String]
    private var sessions: [Session]
    private var random: SeededRandom

    init(cluster: SimulatedCluster, scenario: Scenario) {
        self.cluster = cluster
        random = SeededRandom(seed: scenario.seed ^ 0xC11E_27)
        keys = (0..<scenario.keyCount).map { "key\($0)" }
        thinkMilliseconds = scenario.thinkMilliseconds
        deleteShare = Double(scenario.deletePercent) / 100
        mayReadsWait = scenario.profile.durability != .memory || scenario.profile.writeAcks > 1
        namesWritesNeverMade = scenario.profile == .liars
        mayBeginAnew = scenario.profile == .rolling
        expectations = Expectations(scenario)
        history.watchTombstones()
        sessions = (0..<scenario.sessionCount).map { number in
            Session(
                number: number, carriesContext: number % 4 != 3,
                home: number % 3 == 2 ? nil : SimulatedCluster.address(1 + number % scenario.nodeCount))
        }
    }

    /// Takes in the answers that came, and sends the requests that are due.
    func step(isSending: Bool) {
        for index in sessions.indices {
            guard takeAnswer(index), isSending, sessions[index].nextMicroseconds <= cluster.nowMicroseconds else {
                continue
            }
            send(index)
        }
    }

    /// Every session's context, if it carries one, with the writes that the session knows.
    var contexts: [(context: CausalContext, known: BitSet)] {
        sessions.filter(\.carriesContext).map { ($0.context, $0.known) }
    }

    var areIdle: Bool { sessions.allSatisfy { $0.open == nil } }

    /// Notes that a node was paused: its answers may come at any time.
    func excuse(_ node: NodeAddress) {
        for index in sessions.indices where sessions[index].open?.node == node {
            sessions[index].open?.isExcused = true
        }
    }

    /// Notes a tombstone that some node holds.
    func see(tombstone timestamp: UInt64, ofKey key: String) {
        if let (property, text) = history.see(tombstone: timestamp, ofKey: key, at: cluster.nowMicroseconds) {
            fail(property, text)
        }
    }

    func lose(_ record: Record, above kept: UInt64) -> [Int] {
        history.lose(record, above: kept, at: cluster.nowMicroseconds)
    }

    // MARK: Sending

    private func send(_ index: Int) {
        let think = UInt64.random(in: thinkMilliseconds, using: &random)
        sessions[index].nextMicroseconds = cluster.nowMicroseconds + think * 1_000
        if random.chance(0.04), sessions[index].carriesContext { learnFromAnother(index) }
        let nodes = cluster.running.filter { !cluster.isPaused($0) }
        let home = sessions[index].home.flatMap { nodes.contains($0) ? $0 : nil }
        guard let node = home ?? nodes.randomElement(using: &random), let key = keys.randomElement(using: &random),
            let start = cluster.start(of: node)
        else { return }
        let (operation, request) = choose(index, key)
        let isDue = isAnsweredAtOnce(request, by: node)
        guard let id = cluster.submit(request, to: node) else { return }
        if isDue, cluster.replies[id] == nil {
            fail(.readsNeverStop, "\(node) serves \(key), and does not answer \(operation) [\(id)] at once")
        }
        onLine?("session \(index) -> \(node): \(operation) [\(id)]")
        sessions[index].open = Session.Open(
            request: id, operation: operation, node: node, start: start, sentMicroseconds: cluster.nowMicroseconds,
            hasContext: sessions[index].carriesContext)
    }

    /// True for a read that depends on nothing, at a node that has the key: nothing may hold it back, whatever goes on.
    private func isAnsweredAtOnce(_ request: Request, by node: NodeAddress) -> Bool {
        guard !mayReadsWait, case .get(let key, let context) = request, context == .empty,
            case .some(.some(let layout)) = cluster.look(
                at: node, { $0.servingState == .serving ? $0.recordInForce.layout : nil })
        else { return false }
        return layout.shardCount > 0 && layout.shard(ofKey: key) == layout.shard(of: node)
    }

    private func choose(_ index: Int, _ key: String) -> (Session.Operation, Request) {
        let session = sessions[index]
        let context = session.carriesContext ? session.context : .empty
        let known = session.carriesContext ? session.known : BitSet()
        let dice = Double.random(in: 0..<1, using: &random)
        if dice < 0.45 { return (.get(key: key), .get(key: key, context: context)) }
        let isDelete = dice >= 0.97 - deleteShare && dice < 0.97
        let write = history.begin(key, isDelete: isDelete, past: known, at: cluster.nowMicroseconds)
        if isDelete { return (.delete(key: key, write: write), .delete(key: key, context: context)) }
        let value = Array("\(write)".utf8)
        if dice >= 0.97 {
            let lie = forged(context, forKey: key)
            return (.forged(key: key, write: write), .put(key: key, value: value, context: lie))
        }
        return (.put(key: key, write: write), .put(key: key, value: value, context: context))
    }

    /// A context stamped centuries ahead, or a context that names a write of a live node that was never made.
    private func forged(_ context: CausalContext, forKey key: String) -> CausalContext {
        guard namesWritesNeverMade, let node = cluster.running.randomElement(using: &random),
            let (origin, count) = cluster.look(at: node, { ($0.currentOrigin, $0.ownWrites) }), origin.epoch > 0
        else { return CausalContext(vector: context.vector, timestamp: .max - (1 << 60)) }
        var lie = context
        let ahead: UInt64 = [1_000_000, 1_000_000_000, 1 << 47].randomElement(using: &random) ?? 1_000_000
        lie.vector.raise(origin, to: count + ahead)
        return lie
    }

    /// Takes over another session's context, as if one service called another. Contexts of two clusters have nothing to
    /// say to each other.
    private func learnFromAnother(_ index: Int) {
        guard let other = sessions.filter({ $0.carriesContext }).randomElement(using: &random),
            sessions[index].context.isEmpty || sessions[index].context.cluster == other.context.cluster
        else { return }
        sessions[index].context.merge(other.context)
        sessions[index].known.formUnion(other.known)
        onLine?("session \(index) learns what session \(other.number) knows")
    }

    // MARK: Answers

    /// Takes in the session's answer; false while the session waits.
    private func takeAnswer(_ index: Int) -> Bool {
        guard let open = sessions[index].open else { return true }
        if let reply = cluster.takeReply(open.request) {
            sessions[index].open = nil
            onLine?("session \(index) <- [\(open.request)] \(brief(reply))")
            take(reply, open, index)
            let took = cluster.nowMicroseconds - open.sentMicroseconds
            if let (property, text) = expectations?.judge(reply, to: open, afterMicroseconds: took) {
                fail(property, "session \(index): \(text)")
            }
            return true
        }
        let isGone = cluster.start(of: open.node) != open.start
        let isLate = cluster.nowMicroseconds > open.sentMicroseconds + Self.answerMicrosecondsMax
        if isLate, !isGone, !open.isExcused {
            fail(.requestsAreAnswered, "\(open.node) never answered \(open.operation) [\(open.request)]")
        }
        guard isGone || isLate else { return false }
        // Nobody knows whether the write was carried out.
        sessions[index].open = nil
        refusals["no answer", default: 0] += 1
        return true
    }

    private func take(_ reply: Reply, _ open: Session.Open, _ index: Int) {
        answers += 1
        switch (reply, open.operation) {
        case (.refused(let refusal), let operation): refuse(refusal, operation, index)
        case (_, .forged(let key, let write)):
            fail(.refusalsChangeNothing, "\(write) to \(key) was taken under a forged context: \(reply)")
        case (.found(let value, let context), .get(let key)): found(value, context, key, index)
        case (.noSuchKey(let context), .get(let key)): absent(context, key, index)
        // An earlier try may have deleted the key, so the deletion may have happened all the same.
        case (.noSuchKey(let context), .delete(let key, _)): absent(context, key, index)
        case (.created(let context, _), .put(let key, let write)),
            (.replaced(let context, _), .put(let key, let write)),
            (.deleted(let context, _), .delete(let key, let write)):
            written(write, key, context, index)
        default: fail(.requestsAreAnswered, "\(reply) is no answer to \(open.operation)")
        }
    }

    private func found(_ bytes: [UInt8], _ context: CausalContext, _ key: String, _ index: Int) {
        guard let value = Int(String(decoding: bytes, as: UTF8.self)) else {
            return fail(.valuesWereWritten, "\(key) holds what no client writes")
        }
        let known = sessions[index].carriesContext ? sessions[index].known : BitSet()
        if let (property, text) = history.judge(read: value, key: key, known: known) {
            return fail(property, "session \(index): \(text)")
        }
        history.read(value, timestamp: context.timestamp)
        learn(history.knowledge(known, adding: value), context, index)
    }

    private func absent(_ context: CausalContext, _ key: String, _ index: Int) {
        let known = sessions[index].carriesContext ? sessions[index].known : BitSet()
        let verdict = history.judge(absent: key, known: known)
        if let (property, text) = verdict.wrong { fail(property, "session \(index): \(text)") }
        learn(verdict.deletion.map { history.knowledge(known, adding: $0) } ?? known, context, index)
    }

    private func written(_ write: Int, _ key: String, _ context: CausalContext, _ index: Int) {
        history.answer(write, timestamp: context.timestamp, at: cluster.nowMicroseconds)
        let known = sessions[index].carriesContext ? sessions[index].known : BitSet()
        learn(history.knowledge(known, adding: write), context, index)
    }

    private func learn(_ known: BitSet, _ context: CausalContext, _ index: Int) {
        guard sessions[index].carriesContext else { return }
        sessions[index].known = known
        sessions[index].context = context
    }

    private func refuse(_ refusal: Refusal, _ operation: Session.Operation, _ index: Int) {
        refusals["\(refusal)", default: 0] += 1
        switch (refusal, operation) {
        case (.contextOfAnotherCluster, _) where mayBeginAnew:
            (sessions[index].context, sessions[index].known) = (.empty, BitSet())
        case (.foreignContext, .forged(_, let write)), (.dependenciesNotMet, .forged(_, let write)): history.void(write)
        case (.foreignContext, _), (.contextOfAnotherCluster, _):
            fail(.readsFollowCauses, "session \(index): the cluster calls a context foreign that it gave out itself")
        default: break
        }
    }

    private func brief(_ reply: Reply) -> String {
        switch reply {
        case .found(let value, let context):
            "found \(String(decoding: value, as: UTF8.self)) @\(context.timestamp)"
        case .created(let context, let shard): "created in \(shard) @\(context.timestamp)"
        case .replaced(let context, let shard): "replaced in \(shard) @\(context.timestamp)"
        case .deleted(let context, let shard): "deleted in \(shard) @\(context.timestamp)"
        case .noSuchKey(let context): "no such key @\(context.timestamp)"
        default: "\(reply)"
        }
    }

    private func fail(_ property: Property, _ text: String) {
        failures.append(Failure(property: property, text: text, atMicroseconds: cluster.nowMicroseconds))
    }
}
