import DequeModule

/// The changes of a replica that its disk has not been told of yet.
struct Journal: Sendable {
    private var clearsFirst = false
    private var records: [Record] = []
    /// Keys to forget with the next change.
    private var removals: [String] = []
    /// Keys that the disk still holds and that are not needed there; forgotten a slice at a time.
    private var obsolete: Deque<String> = []
    /// Keys that the disk still holds and that a whole fetch showed to be deleted. Until they are gone from it the disk is
    /// not whole: it would bring them back.
    private var deleted: Deque<String> = []
    /// The keys of entries to hand on, which the disk keeps though the store does not, and how often each.
    private var handedOn: [String: Int] = [:]
    /// True if what is confirmed to others rests on the next change, and nobody would send it again.
    private var isVital = false
    /// The state that the disk was told last.
    private var told: DurableState?

    private static let removalsPerChange = 2_000

    /// True while the disk would bring back what is deleted.
    var hasDeleted: Bool { !deleted.isEmpty }

    var hasKeysToRemove: Bool { !deleted.isEmpty || !obsolete.isEmpty }

    /// The entries that the disk held at the start.
    mutating func restore(_ state: DurableState) {
        assert(told == nil, "a disk is read before it is written")
        told = state
    }

    mutating func markVital() { isVital = true }

    mutating func note(_ record: Record) { records.append(record) }

    /// These are not needed on the disk any more.
    mutating func retire(_ keys: some Sequence<String>) { obsolete.append(contentsOf: keys) }

    /// A whole fetch showed that this is deleted.
    mutating func delete(_ key: String) { deleted.append(key) }

    /// - Parameter newest: the version that is held or staged under a key: the disk has one row for it, which must not give
    ///   way to something earlier.
    mutating func beginHandOn(_ handed: [Record], newest: (String) -> Version?) {
        for record in handed {
            handedOn[record.key, default: 0] += 1
            if let newer = newest(record.key), newer > record.entry.version { continue }
            records.append(record)
        }
    }

    mutating func endHandOn(_ handed: [Record]) {
        for record in handed {
            assert(handedOn[record.key] != nil, "\(record.key) was not handed on")
            let left = (handedOn[record.key] ?? 1) - 1
            handedOn[record.key] = left > 0 ? left : nil
            if left <= 0 { obsolete.append(record.key) }
        }
    }

    /// The layout has changed without this node: the disk keeps only what is handed on from now on, and what is taken back
    /// of the hand-ons before.
    mutating func clear() {
        clearsFirst = true
        (records, removals, obsolete, deleted) = ([], [], [], [])
    }

    /// The layout has changed, with everything staged on the disk. What still waits to be forgotten must not be taken for an
    /// entry of the shard that owns it now.
    mutating func enterPrepared(isOwn: (String) -> Bool, isHeld: (String) -> Bool) {
        let (waiting, gone) = (obsolete, deleted)
        (obsolete, deleted) = ([], [])
        for key in waiting {
            if isOwn(key) { remove(key, isHeld: isHeld) } else { obsolete.append(key) }
        }
        for key in gone {
            if isOwn(key) { deleted.append(key) } else { obsolete.append(key) }
        }
    }

    /// Has the next slice of keys removed: of the deleted ones also what is handed on or set aside under them, as it is what
    /// every member has processed, and was deleted since.
    ///
    /// - Parameter keepsObsolete: what is set aside may be needed yet, and is on the disk only.
    /// - Returns: true if more are left that can go.
    mutating func removeSlice(keepsObsolete: Bool, isHeld: (String) -> Bool) -> Bool {
        while removals.count < Self.removalsPerChange, let key = deleted.popFirst() {
            if !isHeld(key) { removals.append(key) }
        }
        if !keepsObsolete {
            while removals.count < Self.removalsPerChange, let key = obsolete.popFirst() { remove(key, isHeld: isHeld) }
        }
        return !deleted.isEmpty || !keepsObsolete && !obsolete.isEmpty
    }

    private mutating func remove(_ key: String, isHeld: (String) -> Bool) {
        guard !isHeld(key), handedOn[key] == nil else { return }
        removals.append(key)
    }

    /// The change since the last one, if there is any.
    mutating func takeChange(to state: DurableState) -> DiskChange? {
        guard clearsFirst || !records.isEmpty || !removals.isEmpty || state != told else { return nil }
        let change = DiskChange(
            clearsFirst: clearsFirst, records: records, removals: removals, state: state,
            isVital: isVital || state.isVital(after: told))
        (clearsFirst, records, removals, isVital) = (false, [], [], false)
        told = state
        return change
    }
}
