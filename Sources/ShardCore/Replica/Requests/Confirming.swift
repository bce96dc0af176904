/// Confirms what a context names, as a context is only its client's word. The writes of this node's own shard are
/// looked for here before they count for anything. Those of other shards must be confirmed before they are kept with a
/// write as dependencies, since everybody who reads that write has to wait for them.
///
/// A write counts as confirmed if a member of its shard says that it covers it, if the node that forwarded the request
/// had it confirmed, or if an entry here depends on it. Members that were heard less than a heartbeat ago may not have
/// said yet, so they are asked, and the request waits for one answer. A name that nobody confirms delays and fails only
/// the requests that carry it.
///
/// Nobody confirms a write that died with its node before another node had it. The request waits until that is certain,
/// and is then kept without it.
extension Replica {
    /// The dependencies that a write under `vector` is kept with; nil if it has to wait for others to confirm them.
    ///
    /// There are none of older epochs: a write above the baseline that was not waited for was lost.
    mutating func confirmedDependencies(of vector: VersionVector) -> VersionVector? {
        guard !makes(.contextsAreKeptUnconfirmed) else { return foreignPart(of: vector) }
        guard !vector.isEmpty else { return vector }
        let foreign = vector.filter { $0.origin.epoch == layout.epoch && layout.shard(of: $0.origin.node) != shard }
        var kept = foreign
        var waits = false
        for element in foreign.elements {
            let origin = element.origin
            let known = confirmed(of: origin)
            if known >= element.counter {
                epochState.elsewhere.noteAnswer(of: origin.node)
            } else if canNothingMoreArrive(of: origin) {
                kept = kept.filter { $0.origin != origin }
                kept.raise(origin, to: known)
            } else {
                askToConfirm(origin)
                waits = true
            }
        }
        return waits ? nil : kept
    }

    /// True if every write that the context of a request names is confirmed here, whatever its shard. Writes that
    /// `target` is responsible for are left to that shard.
    func confirms(_ request: Request, for target: Int) -> Bool {
        switch request {
        case .put(_, _, let context), .delete(_, let context):
            context.vector.elements.allSatisfy { element in
                let owner = layout.shard(of: element.origin.node)
                return element.origin.epoch != layout.epoch || owner == target
                    || (owner == shard ? vector[element.origin] : confirmed(of: element.origin)) >= element.counter
            }
        default: false
        }
    }

    /// The number of writes of another shard's origin that are confirmed.
    private func confirmed(of origin: Origin) -> UInt64 {
        guard let owner = layout.shard(of: origin.node) else { return 0 }
        return layout.shards[owner].reduce(epochState.elsewhere.told[origin]) {
            max($0, peers[$1]?.said.vector[origin] ?? 0)
        }
    }

    private mutating func askToConfirm(_ origin: Origin) {
        guard let owner = layout.shard(of: origin.node) else { return }
        let nodes = isUp(origin.node) ? [origin.node] : layout.shards[owner].filter(isUp)
        for node in nodes {
            if let delay = epochState.elsewhere.ask(node, now) {
                wantResume(afterMicroseconds: delay)
            } else {
                sendHeartbeat(to: node, wantsReply: true, isBrief: true)
            }
        }
    }

    /// Tries again the writes that wait because a question to another node was put off.
    mutating func askAgainToConfirm() {
        if epochState.elsewhere.takeDeferred() { requests.open.noteKnowledge() }
    }

    // MARK: Other confirmations

    /// Takes the writes of its own shard that a member's answer names as covered by it, except those of starts that are
    /// over.
    mutating func noteConfirmed(by reply: Reply, of node: NodeAddress) {
        guard let owner = layout.shard(of: node), owner != shard, let context = reply.context else { return }
        for element in context.vector.elements
        where element.origin.epoch == layout.epoch && layout.shard(of: element.origin.node) == owner
            && peers[element.origin.node]?.incarnation == element.origin.incarnation
        {
            epochState.elsewhere.note(element.origin, element.counter)
        }
    }

    /// Takes everything that the context of a forwarded request names as confirmed, if the forwarding node says so.
    mutating func noteConfirmed(_ forward: Forward) {
        guard forward.isConfirmed else { return }
        switch forward.request {
        case .put(_, _, let context), .delete(_, let context): noteElsewhere(context.vector)
        default: break
        }
    }

    /// Takes an entry's dependencies as confirmed: the node that took the write had them confirmed.
    mutating func noteConfirmed(_ entry: Entry) {
        if !entry.dependencies.isEmpty { noteElsewhere(entry.dependencies) }
    }

    private mutating func noteElsewhere(_ vector: VersionVector) {
        for element in vector.elements where element.origin.epoch == layout.epoch {
            guard let owner = layout.shard(of: element.origin.node), owner != shard else { continue }
            epochState.elsewhere.note(element.origin, element.counter)
        }
    }
}

extension Reply {
    /// The context in an answer to a read or write; nil in others.
    package var context: CausalContext? {
        switch self {
        case .found(_, let context), .created(let context, _), .replaced(let context, _), .deleted(let context, _),
            .noSuchKey(let context):
            context
        default: nil
        }
    }
}
