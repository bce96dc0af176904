/// Entries by key, in slots whose numbers stay, so that pages of the store can be read while it changes.
///
/// A slot belongs to one or two *generations*. The generation in force is what the store holds; the one to come is
/// what it will hold after a reshard, prepared beside it. So a switch of the layout is a change of one number,
/// however many keys there are; what belongs to no generation any more is freed afterwards, a slice at a time.
struct Store: Sendable {
    /// A generation to come.
    struct Next: Sendable {
        let layout: Layout
        /// This node's shard in it; nil if it will be in none.
        let shard: Int?
        let generation: UInt32
        /// Slots below it are hashed into the layout.
        var cursor = 0
        var tally = Tally()
    }

    var slots = SlotTable()
    var index = SlotIndex()
    var free: [Int] = []
    /// 0 is never in force: free slots have it.
    var generation: UInt32 = 1
    var lastGeneration: UInt32 = 1
    var next: Next?
    var tally = Tally()
    /// Slots from it on may belong to no generation; nil if none is left over.
    var leftover: Int?
    /// Slots written since ``beginChanges()``; nil if nobody follows.
    private(set) var changes: FollowedChanges?
    /// Slots written since ``takeTouched()``, some more than once; nil without a disk.
    var touched: [Int]?
    var tombstones = TombstoneQueue()

    subscript(key: String) -> Entry? {
        guard let position = slot(of: key), isHeld(position) else { return nil }
        return slots.entry(at: position)
    }

    /// The slot that has the key, whatever it belongs to.
    func slot(of key: String) -> Int? { index.position(of: key, in: slots) }

    /// True if a slot has the key, if only for the generation to come.
    func hasSlot(for key: String) -> Bool {
        guard let position = slot(of: key) else { return false }
        return isHeld(position) || isNext(position)
    }

    /// The version that has the key's slot, if only for the generation to come.
    func version(inSlotOf key: String) -> Version? {
        guard let position = slot(of: key), isHeld(position) || isNext(position) else { return nil }
        return slots.version(at: position)
    }

    /// True for slots of the generation in force: the others are no part of what the store holds.
    func isHeld(_ position: Int) -> Bool {
        slots.generation(at: position) == generation || slots.nextGeneration(at: position) == generation
    }

    func record(at position: Int) -> Record { slots.record(at: position) }

    /// Every entry held.
    var records: [Record] { slots.indices.filter(isHeld).map(record) }

    /// The slot in which `key` is held.
    func position(ofKey key: String) -> Int? {
        guard let position = slot(of: key), isHeld(position) else { return nil }
        return position
    }

    /// Keeps the later of what it holds and `entry`. True if `entry` is held afterwards and was not before.
    @discardableResult
    mutating func merge(_ key: String, _ entry: Entry) -> Bool { merge(key, entry, slot: slot(of: key)) }

    /// The same where the key's slot was looked up before.
    @discardableResult
    mutating func merge(_ key: String, _ entry: Entry, slot: Int?) -> Bool {
        guard let position = slot else {
            let position = place(key, entry, generation: generation)
            noteWritten(position)
            tally.add(entry, key)
            tagNew(position)
            return true
        }
        guard isHeld(position) else {
            takeOver(position, entry)
            noteWritten(position)
            return true
        }
        guard slots.version(at: position) < entry.version else { return false }
        let valueBytes = slots.valueBytes(at: position)
        tally.remove(valueBytes: valueBytes, key)
        tally.add(entry, key)
        if isNext(position) {
            next?.tally.remove(valueBytes: valueBytes, key)
            next?.tally.add(entry, key)
        }
        slots.setEntry(entry, at: position)
        noteWritten(position)
        return true
    }

    mutating func noteWritten(_ position: Int) {
        changes?.note(position)
        touched?.append(position)
        noteTombstone(position)
    }

    mutating func noteTombstone(_ position: Int) {
        guard slots.isTombstone(at: position) else { return }
        tombstones.add(slots.key(at: position), at: position, slots.version(at: position))
    }

    mutating func place(_ key: String, _ entry: Entry, generation: UInt32) -> Int {
        if let position = free.popLast() {
            slots.fill(position, key, entry, generation: generation)
            index.insert(key, at: position)
            return position
        }
        slots.append(key, entry, generation: generation)
        index.insert(key, at: slots.count - 1)
        return slots.count - 1
    }

    /// Takes a slot that was left over, or is staged, into the generation in force.
    mutating func takeOver(_ position: Int, _ entry: Entry) {
        let key = slots.key(at: position)
        if isNext(position) {
            next?.tally.remove(valueBytes: slots.valueBytes(at: position), key)
            next?.tally.add(entry, key)
        }
        slots.setEntry(entry, at: position)
        slots.setGeneration(generation, at: position)
        tally.add(entry, key)
        if !isNext(position) { tagNew(position) }
    }

    mutating func release(_ position: Int) {
        index.remove(slots.key(at: position), in: slots)
        slots.free(position)
        free.append(position)
    }

    // MARK: Following what is written

    /// Starts to note the slots written, for the disk.
    mutating func beginTouched() { touched = [] }

    /// The slots written since the last call.
    mutating func takeTouched() -> [Int] {
        guard let taken = touched, !taken.isEmpty else { return [] }
        touched = []
        return taken
    }

    /// Starts to note what changes. Numbers noted so far stay valid if it was noting already.
    mutating func beginChanges() { if changes == nil { changes = FollowedChanges() } }

    mutating func endChanges() { changes = nil }

    /// The slots changed from number `cursor` on, at most `slotsMax`, each once; what is written to them from now on counts
    /// anew. Nil if nobody follows.
    mutating func readChanges(
        from cursor: UInt64, slotsMax: Int, bytesMax: Int
    ) -> (records: [Record], next: UInt64, isLast: Bool)? {
        guard let written = changes?.slots else { return nil }
        var end = min(Int(clamping: cursor), written.count)
        let limit = min(written.count, end + min(slotsMax, written.count))
        var seen: Set<Int> = []
        var records: [Record] = []
        var weightBytes = 0
        while end < limit, weightBytes < bytesMax {
            if seen.insert(written[end]).inserted {
                let record = record(at: written[end])
                weightBytes += record.weightBytes
                records.append(record)
                changes?.noteRead(written[end])
            }
            end += 1
        }
        return (records, UInt64(end), end == written.count)
    }

    // MARK: Pages

    /// Records from slot `cursor` on that `isWanted` says yes to, until a limit is reached.
    ///
    /// - Returns: the records, and the slot where the next page begins; nil after the last.
    func page(
        from cursor: UInt64, recordsMax: Int, bytesMax: Int, slotsMax: Int = .max, where isWanted: (Entry) -> Bool
    ) -> (records: [Record], next: UInt64?) {
        var records: [Record] = []
        var weightBytes = 0
        var position = Int(clamping: cursor)
        var seen = 0
        while position < slots.count, records.count < recordsMax, weightBytes < bytesMax, seen < slotsMax {
            if isHeld(position), isWanted(slots.entry(at: position)) {
                let record = record(at: position)
                weightBytes += record.weightBytes
                records.append(record)
            }
            position += 1
            seen += 1
        }
        return (records, position < slots.count ? UInt64(position) : nil)
    }

    /// Replaces everything by the entries given.
    mutating func rebuild(_ kept: [Record]) {
        let isTouched = touched != nil
        let last = lastGeneration
        let now = tombstones.nowMicroseconds
        self = Store()
        tombstones.nowMicroseconds = now
        lastGeneration = last + 1
        generation = lastGeneration
        for record in kept { merge(record.key, record.entry) }
        touched = isTouched ? [] : nil
    }
}
