import DequeModule

/// What a replica with a disk has changed and not told it yet.
struct Journal: Sendable {
    var clearsFirst = false
    var records: [Record] = []
    /// Keys to forget with the next change.
    var removals: [String] = []
    /// Keys that the disk still holds and that are not needed there; forgotten a slice at a time.
    var obsolete: Deque<String> = []
    /// The staged entries that are on the disk already. They are later than what the store may still take in under
    /// their keys before the switch.
    var staged: [String: Version] = [:]
    /// The keys of entries to hand on, which the disk keeps though the store does not, and how often each.
    var handedOn: [String: Int] = [:]
    /// What the disk was told last.
    var told: DurableState?
}

extension Replica {
    private static let removalsPerChange = 2_000

    private var durableState: DurableState {
        DurableState(
            address: address, incarnation: configuration.incarnation, record: record, vector: vector,
            isWhole: state == .serving || state == .joiner, extensions: extensions,
            decisions: decisions.isEmpty ? [] : decisions.values.sorted { $0.address < $1.address },
            promised: acceptor.promised, accepted: acceptor.accepted, voter: acceptor.voter,
            staged: stagedParts.compactMap { part in
                part.layout.map { StagedPortion(operation: part.operation, layout: $0) }
            })
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
        retireObsolete()
        guard let journal else { return nil }
        let state = durableState
        guard
            journal.clearsFirst || !journal.records.isEmpty || !journal.removals.isEmpty || state != journal.told
        else { return nil }
        self.journal?.clearsFirst = false
        self.journal?.records = []
        self.journal?.removals = []
        self.journal?.told = state
        return DiskChange(
            clearsFirst: journal.clearsFirst, records: journal.records, removals: journal.removals, state: state,
            isVital: state.isVital(after: journal.told))
    }

    /// Notes the slots written since the last call, before their numbers change.
    mutating func journalTouched() {
        guard journal != nil else { return }
        let touched = store.takeTouched()
        for position in touched.count > 1 ? Array(Set(touched)).sorted() : touched {
            let slot = store.slots[position]
            if let staged = journal?.staged[slot.key], staged >= slot.entry.version { continue }
            journal?.records.append(Record(key: slot.key, entry: slot.entry))
        }
    }

    private mutating func retireObsolete() {
        guard journal?.obsolete.isEmpty == false else { return }
        while (journal?.removals.count ?? 0) < Self.removalsPerChange, let key = journal?.obsolete.popFirst() {
            retire(key)
        }
        if journal?.obsolete.isEmpty == false { wantResume() }
    }

    private mutating func retire(_ key: String) {
        guard store[key] == nil, journal?.staged[key] == nil, journal?.handedOn[key] == nil else { return }
        journal?.removals.append(key)
    }

    /// Puts staged entries on the disk before the switch, so that the switch itself writes next to nothing.
    mutating func journalStaged(_ records: [Record]) {
        guard journal != nil else { return }
        for record in records where store[record.key].map({ $0.version < record.entry.version }) ?? true {
            if let staged = journal?.staged[record.key], staged >= record.entry.version { continue }
            journal?.staged[record.key] = record.entry.version
            journal?.records.append(record)
        }
    }

    /// The switch did not happen: what was staged is not needed, unless it was set aside.
    mutating func journalUnstaged() {
        guard setAside.isEmpty, let staged = journal?.staged, !staged.isEmpty else { return }
        journal?.staged = [:]
        journal?.obsolete.append(contentsOf: staged.keys.sorted())
    }

    /// The switch has happened, with everything staged: the disk has it, and `dropped` may go.
    mutating func journalPrepared(dropped: [String]) {
        guard journal != nil else { return }
        journalTouched()
        // Of what was staged, portions of operations that lost are not needed.
        let unneeded = (journal?.staged.keys.filter { store[$0] == nil } ?? []).sorted()
        journal?.staged = [:]
        // What still waits to be forgotten must not be taken for an entry of the shard that owns it now.
        let waiting = journal?.obsolete ?? []
        journal?.obsolete = []
        for key in waiting {
            if layout.shard(ofKey: key) == shard { retire(key) } else { journal?.obsolete.append(key) }
        }
        journal?.obsolete.append(contentsOf: unneeded + dropped)
    }

    /// The layout has changed without this node: it keeps only what it hands on, and fetches the rest.
    mutating func journalUnprepared() {
        guard journal != nil else { return }
        _ = store.takeTouched()
        journal?.clearsFirst = true
        journal?.records = []
        journal?.removals = []
        journal?.obsolete = []
        journal?.staged = [:]
        // What waited to be handed on before is kept.
        for id in handOns.keys.sorted() { journal?.records += handOns[id]?.records ?? [] }
    }

    mutating func journalHandOn(_ records: [Record]) {
        guard journal != nil else { return }
        for record in records {
            journal?.handedOn[record.key, default: 0] += 1
            journal?.records.append(record)
        }
    }

    mutating func journalHandedOn(_ records: [Record]) {
        guard journal != nil else { return }
        for record in records {
            let left = (journal?.handedOn[record.key] ?? 1) - 1
            journal?.handedOn[record.key] = left > 0 ? left : nil
            if left <= 0 { journal?.obsolete.append(record.key) }
        }
    }
}
