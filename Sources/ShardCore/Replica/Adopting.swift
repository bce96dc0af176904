/// From one layout to the next.
extension Replica {
    /// Puts a decided layout into force, where it is newer than the one in force.
    ///
    /// A node that has its portion staged serves at once. One that has not drops what the baseline says its owners
    /// have, hands on the rest, and fetches its new shard's data before it answers for it.
    mutating func adopt(_ decided: EpochRecord) {
        guard decided.layout.epoch > layout.epoch else {
            if decided.layout.epoch == layout.epoch { extendBaseline(decided.baseline) }
            return
        }
        let previous = record
        let prepared = preparation(for: decided)
        let staged = prepared?.staged ?? []
        let isTagged = prepared?.layout == decided.layout && prepared?.isTagged == true
        let wasMember = shard != nil

        let knowledge = vector
        journalTouched()

        record = decided
        shard = decided.layout.shard(of: address)
        let (unconfirmed, dropped) = settleStore(isTagged: isTagged, isPrepared: prepared != nil)
        for record in staged {
            clock.observe(record.entry.version.timestamp)
            store.merge(record.key, record.entry)
        }
        if prepared != nil { journalPrepared(dropped: dropped) } else { journalUnprepared() }
        beginEpoch()
        acceptor = nextAcceptor(for: decided, after: previous.layout)
        participation = nil
        setAside = []
        recovery = nil

        if shard == nil {
            state = .joiner
        } else if prepared != nil {
            state = .serving
        } else {
            beginCatchUp("the layout changed to epoch \(layout.epoch) without it; fetching its shard's data")
        }
        for member in layout.members { addPeer(member) }
        note(
            .layoutAdopted, node: address,
            "\(address) is in epoch \(layout.epoch): \(layout.shardCount) shards, seed \(layout.seed)")
        if wasMember, previous.layout.epoch > 0 {
            // Its own writes, those of starts before this one included.
            for element in knowledge.elements where element.origin.node == address {
                extensions.raise(element.origin, to: element.counter)
            }
        }
        extensions = extensions.filter { decided.baseline[$0.origin] < $0.counter }
        if !makes(.handOnIsForgotten) { handOn(unconfirmed + takeBackHandOns()) }
        if handOns.isEmpty, !record.baseline.covers(extensions) {
            // Nothing of its own was left behind: what the baseline lacks was superseded, or handed on before.
            for node in peerAddresses where isUp(node) { send(.baselineExtended(extensions), to: node) }
            extendBaseline(extensions)
        }
        beatNow()
        checkUnconfirmed()
        resumeRequests()
    }

    /// This node's part in the operation that was decided, where everything it needs was staged here.
    ///
    /// The coordinator proposes only what every participant has confirmed, so a part that has not been dropped since
    /// the layout was staged is complete, accepted here or not. A part that began later has nothing staged, and no
    /// layout. What came of its old shard must be complete too: only then may it be kept in a switch.
    func preparation(for decided: EpochRecord) -> Participation? {
        guard state == .serving || state == .joiner else { return nil }
        let parts = setAside + [participation].compactMap { $0 }
        return parts.last { $0.operation == decided.operation && $0.layout == decided.layout }
    }

    /// Keeps what this node owns in the new layout, and returns what its owners may not have, and the keys of what is
    /// dropped because they have it.
    private mutating func settleStore(
        isTagged: Bool, isPrepared: Bool
    ) -> (unconfirmed: [Record], dropped: [String]) {
        var kept: [Store.Slot] = []
        var unconfirmed: [Record] = []
        var dropped: [String] = []
        let own = shard.map { Int32($0) } ?? -1
        if isPrepared { kept.reserveCapacity(store.slots.count) }
        for slot in store.slots {
            let isConfirmed = record.baseline.covers(slot.entry.version.dot)
            if !isConfirmed { unconfirmed.append(Record(key: slot.key, entry: slot.entry)) }
            if isPrepared || !isConfirmed {
                let owner =
                    isTagged && slot.nextShard >= 0
                    ? slot.nextShard : layout.shardCount > 0 ? Int32(layout.shard(ofKey: slot.key)) : -1
                let isForgotten = slot.entry.isTombstone && makes(.tombstonesAreDropped)
                if owner == own, own >= 0, !isForgotten {
                    kept.append(slot)
                } else if isConfirmed, journal != nil {
                    dropped.append(slot.key)
                }
            }
        }
        store.rebuild(kept)
        return (unconfirmed, dropped)
    }

    private mutating func beginEpoch() {
        vector = VersionVector()
        counter = 0
        log = []
        logStart = 0
        pendingReplication = []
        catchUp = nil
        knowledgeChanged = true
        for node in peerAddresses {
            guard var peer = peers[node] else { continue }
            peer.vector = VersionVector()
            peer.sentCounter = 0
            peer.sentMicroseconds = nil
            peer.aheadSinceMicroseconds = nil
            peers[node] = peer
        }
    }

    /// Requests and messages that waited for this layout go on.
    private mutating func resumeRequests() {
        releaseHeld()
        rerouteForwards()
        let messages = deferred
        deferred = []
        for envelope in messages { receive(envelope) }
    }
}
