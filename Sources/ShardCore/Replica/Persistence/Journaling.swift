import DequeModule

extension Replica {
    private static let removalsPerChange = 2_000

    private var durableState: DurableState {
        DurableState(
            address: address, incarnation: configuration.incarnation, record: record, vector: vector,
            collected: epochState.collected, timestampsPast: forgotten.timestampMax,
            isWhole: isWhole && journal?.deleted.isEmpty != false,
            extensions: late.own.vector,
            decisions: members.decisions.all,
            promised: acceptor.promised, accepted: acceptor.accepted, voter: acceptor.memory.voter,
            staged: stagedParts.compactMap { part in
                part.layout.map { StagedPortion(operation: part.operation, layout: $0) }
            })
    }

    /// True where this node holds all of its shard that it covers.
    var isWhole: Bool {
        switch state {
        case .serving, .joiner: true
        case .stopping: draining.endedWhole
        case .starting, .catchingUp: false
        }
    }

    /// The parts that may have been proposed: everything of theirs is staged.
    private var stagedParts: [Participation] {
        guard !setAside.isEmpty || participation?.hasFrozen == true else { return [] }
        return (setAside + [participation].compactMap { $0 }).filter { $0.hasFrozen && $0.layout != nil }
    }

    /// The change since the last one, where there is any.
    mutating func takeDiskChange() -> DiskChange? {
        guard journal != nil else { return nil }
        journalTouched()
        retireDeleted()
        retireObsolete()
        guard let journal else { return nil }
        let state = durableState
        guard
            journal.clearsFirst || !journal.records.isEmpty || !journal.removals.isEmpty || state != journal.told
        else { return nil }
        disk.journal?.clearsFirst = false
        disk.journal?.records = []
        disk.journal?.removals = []
        disk.journal?.isVital = false
        disk.journal?.told = state
        return DiskChange(
            clearsFirst: journal.clearsFirst, records: journal.records, removals: journal.removals, state: state,
            isVital: journal.isVital || state.isVital(after: journal.told))
    }

    /// Notes the slots written since the last call, before their numbers change.
    mutating func journalTouched() {
        guard journal != nil else { return }
        let touched = store.takeTouched()
        for position in touched.count > 1 ? Array(Set(touched)).sorted() : touched {
            disk.journal?.records.append(store.record(at: position))
        }
    }

    /// Also what is handed on or set aside under these keys: it is what every member has processed, and was deleted since.
    private mutating func retireDeleted() {
        guard journal?.deleted.isEmpty == false else { return }
        while (journal?.removals.count ?? 0) < Self.removalsPerChange, let key = disk.journal?.deleted.popFirst() {
            if !store.hasSlot(for: key) { disk.journal?.removals.append(key) }
        }
        if journal?.deleted.isEmpty == false { wantResume() }
    }

    private mutating func retireObsolete() {
        // What is set aside may be needed yet, and is on the disk only.
        guard journal?.obsolete.isEmpty == false, setAside.isEmpty else { return }
        while (journal?.removals.count ?? 0) < Self.removalsPerChange, let key = disk.journal?.obsolete.popFirst() {
            retire(key)
        }
        if journal?.obsolete.isEmpty == false { wantResume() }
    }

    private mutating func retire(_ key: String) {
        guard !store.hasSlot(for: key), journal?.handedOn[key] == nil else { return }
        disk.journal?.removals.append(key)
    }

    /// What was staged in these parts is not needed any more.
    mutating func discard(_ parts: [Participation]) {
        for part in parts { disk.journal?.obsolete.append(contentsOf: part.setAside.map(\.key)) }
    }

    /// The switch has happened, with everything staged: the disk has it. What still waits to be forgotten must not be
    /// taken for an entry of the shard that owns it now.
    mutating func journalPrepared() {
        guard let waiting = journal?.obsolete, let deleted = journal?.deleted else { return }
        disk.journal?.obsolete = []
        disk.journal?.deleted = []
        for key in waiting {
            if layout.shard(ofKey: key) == shard { retire(key) } else { disk.journal?.obsolete.append(key) }
        }
        for key in deleted {
            if layout.shard(ofKey: key) == shard {
                disk.journal?.deleted.append(key)
            } else {
                disk.journal?.obsolete.append(key)
            }
        }
    }

    /// The layout has changed without this node: the disk keeps only what is handed on from now on, and what is taken
    /// back of the hand-ons before.
    mutating func journalUnprepared() {
        guard journal != nil else { return }
        _ = store.takeTouched()
        disk.journal?.clearsFirst = true
        disk.journal?.records = []
        disk.journal?.removals = []
        disk.journal?.obsolete = []
        disk.journal?.deleted = []
    }

    mutating func journalHandOn(_ records: [Record]) {
        guard journal != nil else { return }
        for record in records {
            disk.journal?.handedOn[record.key, default: 0] += 1
            // The disk has a row for a key: what is held or staged under it must not give way to something earlier.
            if let newer = store.version(inSlotOf: record.key), newer > record.entry.version { continue }
            disk.journal?.records.append(record)
        }
    }

    mutating func journalHandedOn(_ records: [Record]) {
        guard journal != nil else { return }
        for record in records {
            let left = (journal?.handedOn[record.key] ?? 1) - 1
            disk.journal?.handedOn[record.key] = left > 0 ? left : nil
            if left <= 0 { disk.journal?.obsolete.append(record.key) }
        }
    }
}
