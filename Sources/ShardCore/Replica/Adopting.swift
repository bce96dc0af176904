/// From one layout to the next.
extension Replica {
    /// Puts a decided layout into force, where it is newer than the one in force.
    ///
    /// A node that has its portion staged serves at once. One that has not drops what the baseline says its owners
    /// have, hands on the rest, and fetches its new shard's data before it answers for it.
    mutating func adopt(_ decided: EpochRecord) {
        guard decided.layout.hasMembers else { return }
        guard decided.layout.epoch > layout.epoch else {
            if decided.layout.epoch == layout.epoch { extendBaseline(decided.baseline) }
            return
        }
        let previous = record
        let prepared = preparation(for: decided)
        let wasMember = shard != nil

        let knowledge = vector
        journalTouched()

        inForce.enter(decided)
        let unconfirmed: [Record]
        if let prepared {
            unconfirmed = switchStore(to: prepared)
            discard(changing.setAside.filter { $0.operation != prepared.operation })
            journalPrepared()
        } else {
            unconfirmed = reduceStore()
            journalUnprepared()
        }
        beginEpoch()
        changing.acceptor = nextAcceptor(for: decided, after: previous.layout)
        changing.participation = nil
        changing.setAside = []
        changing.recovery = nil
        changing.closing = nil

        if shard == nil {
            state = .joiner
        } else if prepared != nil {
            state = .serving
        } else {
            beginCatchUp(.layoutChanged(epoch: layout.epoch))
        }
        for member in layout.members { addPeer(member) }
        note(.adoptedLayout(epoch: layout.epoch, shardCount: layout.shardCount, seed: layout.seed))
        // Its own writes, those of starts before this one included.
        let own =
            wasMember && previous.layout.epoch > 0 ? knowledge.filter { $0.origin.node == address } : VersionVector()
        late.own.enterEpoch(decided.baseline, own: own)
        if !makes(.handOnIsForgotten) { handOn(unconfirmed + takeBackHandOns()) }
        // Where nothing of its own was left behind, what the baseline lacks was superseded or handed on before.
        if !record.baseline.covers(late.own.vector) { announceLateWrites() }
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
        let parts = changing.setAside + [participation].compactMap { $0 }
        return parts.last { $0.operation == decided.operation && $0.layout == decided.layout }
    }

    /// Puts what was prepared into force, and returns what the new owners may not have.
    ///
    /// Takes time for what is not settled only, not for every key, unless the freeze was interrupted.
    private mutating func switchStore(to part: Participation) -> [Record] {
        let isRunning = participation?.operation == part.operation && participation?.layout == part.layout
        if !isRunning { activate(part) }
        // A disk must not take leftovers for entries of the shard that owns them from now on.
        if disk.journal != nil { freeLeftovers(.max) }
        store.tag(.max)
        let positions =
            part.freeze?.isContinuous == true ? Set(epochState.uncovered.slots).sorted() : Array(store.slots.indices)
        let unconfirmed = positions.filter {
            store.isHeld($0) && !record.baseline.covers(store.slots.version(at: $0).dot)
        }
        let records = unconfirmed.map(store.record)
        store.promoteNext()
        // Whoever had the unannouncedKeys may be gone: what became of their writes is found out here as well.
        epochState.uncovered.replace(
            with: (unconfirmed + part.unannouncedKeys.compactMap(store.position(ofKey:))).filter { position in
                store.isHeld(position) && !record.baseline.covers(store.slots.version(at: position).dot)
            })
        if makes(.keysVanish) {
            store.rebuild(store.records.filter { $0.key.utf8.last != 0x31 })
            findUncovered()
        }
        wantResume()
        return records
    }

    /// Keeps only what the baseline does not say that its owners have, and returns all of that.
    private mutating func reduceStore() -> [Record] {
        let unconfirmed = store.records.filter { !record.baseline.covers($0.entry.version.dot) }
        let kept = unconfirmed.filter { layout.shardCount > 0 && layout.shard(ofKey: $0.key) == shard }
        store.rebuild(kept)
        epochState.uncovered.replace(with: [])
        return unconfirmed
    }

    private mutating func beginEpoch() {
        epochState = EpochState(uncovered: epochState.uncovered)
        members.heartbeats.beginEpoch()
        members.peers.beginEpoch()
        requests.open.noteKnowledge()
    }

    /// Requests and messages that waited for this layout go on.
    private mutating func resumeRequests() {
        releaseHeld()
        rerouteForwards()
        for envelope in requests.ahead.takeAll() { receive(envelope) }
    }
}
