import BitCollections
import ShardCore

/// Judges the end, once everything has settled: whether the cluster is what it should be, and still works.
extension SimulationRun {
    /// The time for one request.
    private static let requestMilliseconds: UInt64 = 3_000
    private static let changeMilliseconds: UInt64 = 40_000
    private static let tombstoneMilliseconds: UInt64 = 10_000
    /// The number of keys read through every node, and under every session's context.
    private static let keysReadMax = 24

    /// Judges the data first, then what the cluster still does.
    func judgeEnd() {
        note("settled; the end is judged")
        seeAllTombstones()
        judgeData()
        if failures.isEmpty { judgeSessions() }
        if failures.isEmpty { judgeWrites() }
        if failures.isEmpty { judgeChange() }
        if failures.isEmpty { judgeData() }
        if failures.isEmpty { judgeTombstones() }
        if failures.isEmpty { judgeDisks() }
    }

    /// Checks that every key holds what it should, in the stores and through every node.
    private func judgeData() {
        guard let layout = cluster.running.first.flatMap({ cluster.replica(of: $0)?.recordInForce.layout }) else {
            return
        }
        let entries = layout.shards.map { members in
            Dictionary(
                cluster.replica(of: members[0])?.storedRecords.map { ($0.key, $0.entry) } ?? [],
                uniquingKeysWith: { first, _ in first })
        }
        for key in clients.keys {
            let entry = entries[layout.shard(ofKey: key)][key]
            let value = entry?.value.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
            let timestamp = entry?.version.timestamp
            if let (property, text) = clients.history.judge(final: value, timestamp: timestamp, key: key) {
                fail(property, text)
            }
            // If there are many keys each is read through one node, else through all.
            let running = cluster.running
            let one = clients.keys.count > Self.keysReadMax ? running.randomElement(using: &random) : nil
            for node in one.map({ [$0] }) ?? running {
                let reply = cluster.ask(
                    .get(key: key, context: .empty), at: node, withinMilliseconds: Self.requestMilliseconds)
                let read: [UInt8]?
                switch reply {
                case .found(let bytes, _): read = bytes
                case .noSuchKey: read = nil
                default:
                    fail(.writesSucceedAgain, "\(key) cannot be read through \(node): \(String(describing: reply))")
                    return
                }
                if read != entry?.value {
                    fail(.replicasAreIdentical, "\(node) answers for \(key) with something else than \(tell(entry))")
                }
            }
        }
    }

    /// Checks that no context waits for ever, and that none is answered with less than it knows.
    private func judgeSessions() {
        for session in clients.contexts {
            for key in clients.keys.shuffled(using: &random).prefix(Self.keysReadMax) {
                guard let node = cluster.running.randomElement(using: &random) else { return }
                let reply = cluster.ask(
                    .get(key: key, context: session.context), at: node,
                    withinMilliseconds: 2 * Self.requestMilliseconds)
                switch reply {
                case .found(let bytes, _):
                    let value = Int(String(decoding: bytes, as: UTF8.self)) ?? -1
                    let verdict = clients.history.judge(read: value, key: key, known: session.known)
                    if let (property, text) = verdict { fail(property, "at the end, through \(node): \(text)") }
                case .noSuchKey:
                    let verdict = clients.history.judge(absent: key, known: session.known).wrong
                    if let (property, text) = verdict { fail(property, "at the end, through \(node): \(text)") }
                // The context is from before all nodes lost their memory.
                case .refused(.contextOfAnotherCluster) where scenario.profile == .rolling: break
                default:
                    return fail(
                        .writesSucceedAgain,
                        "\(node) answers a session's context with \(reply.map { "\($0)" } ?? "nothing"); "
                            + "not covered: \(uncovered(session.context, at: node))")
                }
            }
        }
    }

    /// The counters of a context that neither the baseline nor the knowledge of a node covers.
    private func uncovered(_ context: CausalContext, at node: NodeAddress) -> String {
        guard let replica = cluster.replica(of: node) else { return "" }
        let known = replica.knowledge.merging(replica.recordInForce.baseline)
        return context.vector.elements.filter { known[$0.origin] < $0.counter }.map { element in
            let origin = element.origin
            return "\(element.counter) of \(origin.node) start \(origin.incarnation) epoch \(origin.epoch)"
        }.joined(separator: ", ")
    }

    /// Checks that deletions are forgotten in the end, since every node is up and says what it knows.
    private func judgeTombstones() {
        guard !areClocksOff else { return }
        func remaining() -> NodeAddress? {
            cluster.running.first { cluster.replica(of: $0)?.heldTombstones.isEmpty == false }
        }
        let isDone = cluster.run(everyMilliseconds: 50, untilMilliseconds: Self.tombstoneMilliseconds) {
            remaining() == nil
        }
        guard !isDone, let node = remaining() else { return }
        let count = cluster.replica(of: node)?.heldTombstones.count ?? 0
        fail(
            .tombstonesGo,
            "\(node) still has \(count) tombstones after \(Self.tombstoneMilliseconds / 1_000) s of peace")
    }

    private func judgeWrites() {
        for (position, node) in cluster.running.enumerated() {
            let key = "after\(position)"
            let reply = cluster.ask(
                .put(key: key, value: Array("\(position)".utf8), context: .empty), at: node,
                withinMilliseconds: Self.requestMilliseconds)
            guard case .created(let context, _)? = reply else {
                return fail(.writesSucceedAgain, "\(node) does not take a write: \(reply.map { "\($0)" } ?? "nothing")")
            }
            guard let other = cluster.running.randomElement(using: &random) else { return }
            let read = cluster.ask(
                .get(key: key, context: context), at: other, withinMilliseconds: Self.requestMilliseconds)
            guard case .found? = read else {
                return fail(
                    .writesSucceedAgain, "\(other) does not have what \(node) wrote: \(String(describing: read))")
            }
        }
    }

    private func judgeChange() {
        guard let node = cluster.running.randomElement(using: &random),
            case .view(let view)? = cluster.ask(.view, at: node), view.count >= 2
        else { return }
        let count = Int.random(in: 1...view.count / 2, using: &random)
        note("a last reshard, to \(count) shards, at \(node)")
        let reply = cluster.ask(
            .reshard(shardCount: count, force: false), at: node, withinMilliseconds: Self.changeMilliseconds)
        guard case .resharded? = reply else {
            return fail(
                .reshardsSucceedAgain,
                "\(node) cannot reshard to \(count) shards: \(reply.map { MessageText.brief($0) } ?? "no answer")")
        }
        quieten()
    }
}
