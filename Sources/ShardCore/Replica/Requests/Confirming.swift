/// A context is its client's word. What it names of this node's own shard is looked for here before it counts for
/// anything; what it names of other shards must be borne out before it is kept with a write, as whoever reads that write
/// has to wait for it.
///
/// Borne out is what a member of the other shard says that it covers, what the node that passed the request on had borne
/// out, and what stands with an entry here. Members that were heard less than a heartbeat ago may not have said yet, so
/// they are asked, and the write waits for one answer. What nobody bears out delays and fails only those who name it.
///
/// What died with its node, before anybody had it, is borne out by nobody. The write waits until that is certain, and is
/// then kept without it.
extension Replica {
    /// The dependencies that a write under `vector` is kept with; nil where it has to wait for others to bear them out.
    ///
    /// Of older epochs there are none: what is above the baseline and was let pass was lost.
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

    /// True where all that the context of a write names is borne out here, whoever's shard it is of; what `target` is
    /// responsible for is left to it.
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

    /// How many writes of another shard's origin are borne out.
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

    /// Writes wait on whose questions were put off.
    mutating func askAgainToConfirm() {
        if epochState.elsewhere.takeDeferred() { requests.open.noteKnowledge() }
    }

    // MARK: What else bears writes out

    /// A member that answered covers what it names of its own shard, but for starts that are over.
    mutating func noteConfirmed(by reply: Reply, of node: NodeAddress) {
        guard let owner = layout.shard(of: node), owner != shard, let context = reply.context else { return }
        for element in context.vector.elements
        where element.origin.epoch == layout.epoch && layout.shard(of: element.origin.node) == owner
            && peers[element.origin.node]?.incarnation == element.origin.incarnation
        {
            epochState.elsewhere.note(element.origin, element.counter)
        }
    }

    /// The node that passed a request on had all borne out that its context names.
    mutating func noteConfirmed(_ forward: Forward) {
        guard forward.isConfirmed else { return }
        switch forward.request {
        case .put(_, _, let context), .delete(_, let context): noteElsewhere(context.vector)
        default: break
        }
    }

    /// Whoever took a write had what it depends on borne out.
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
    /// Of an answer to a read or write.
    package var context: CausalContext? {
        switch self {
        case .found(_, let context), .created(let context, _), .replaced(let context, _), .deleted(let context, _),
            .noSuchKey(let context):
            context
        default: nil
        }
    }
}
