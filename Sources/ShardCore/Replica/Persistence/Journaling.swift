extension Replica {
    private var durableState: DurableState {
        DurableState(
            address: address, incarnation: incarnation, cluster: cluster, record: record, vector: vector,
            collected: epochState.collected, timestampsPast: forgotten.timestampMax,
            isWhole: isWhole && disk.journal?.hasDeleted != true,
            extensions: late.own.vector,
            decisions: members.decisions.all,
            promised: acceptor.promised, accepted: acceptor.accepted, voter: acceptor.memory.voter,
            staged: stagedParts.compactMap { part in
                part.layout.map { StagedPortion(operation: part.operation, layout: $0) }
            })
    }

    /// True if this node holds all of its shard that it covers.
    var isWhole: Bool {
        switch state {
        case .serving, .joiner: true
        case .stopping: draining.endedWhole
        case .starting, .catchingUp: false
        }
    }

    /// The parts that may have been proposed: all entries of theirs are staged.
    private var stagedParts: [Participation] {
        guard !changing.setAside.isEmpty || participation?.hasFrozen == true else { return [] }
        return (changing.setAside + [participation].compactMap { $0 }).filter { $0.hasFrozen && $0.layout != nil }
    }

    /// The change since the last one, if there is any.
    mutating func takeDiskChange() -> DiskChange? {
        guard disk.journal != nil else { return nil }
        journalTouched()
        if disk.journal?.hasKeysToRemove == true { removeKeys() }
        let state = durableState
        return disk.journal?.takeChange(to: state)
    }

    private mutating func removeKeys() {
        // Entries of parts that were set aside may still be needed, and are only on the disk.
        let (store, keepsObsolete) = (store, !changing.setAside.isEmpty)
        let isLeft = disk.journal?.removeSlice(keepsObsolete: keepsObsolete) { store.hasSlot(for: $0) }
        if isLeft == true { wantResume() }
    }

    /// Notes the slots written since the last call, before their numbers change.
    mutating func journalTouched() {
        guard disk.journal != nil else { return }
        let touched = store.takeTouched()
        for position in touched.count > 1 ? Array(Set(touched)).sorted() : touched {
            disk.journal?.note(store.record(at: position))
        }
    }

    /// The entries staged in these parts are not needed any more.
    mutating func discard(_ parts: [Participation]) {
        for part in parts { disk.journal?.retire(part.setAside.map(\.key)) }
    }

    /// Notes that the switch has happened. The disk has everything that was staged.
    mutating func journalPrepared() {
        guard disk.journal != nil else { return }
        let (store, layout, shard) = (store, layout, shard)
        disk.journal?.enterPrepared(
            isOwn: { layout.shard(ofKey: $0) == shard }, isHeld: { store.hasSlot(for: $0) })
    }

    mutating func journalUnprepared() {
        guard disk.journal != nil else { return }
        _ = store.takeTouched()
        disk.journal?.clear()
    }

    mutating func journalHandOn(_ records: [Record]) {
        guard disk.journal != nil else { return }
        let store = store
        disk.journal?.beginHandOn(records) { store.version(inSlotOf: $0) }
    }

    mutating func journalHandedOn(_ records: [Record]) { disk.journal?.endHandOn(records) }
}
