/// Entries by key, in slots whose numbers stay, so that pages of the store can be read while it changes.
struct Store: Sendable {
    struct Slot: Sendable {
        let key: String
        var entry: Entry
        /// The shard of the key in the layout that a reshard prepares; -1 where not hashed yet.
        var nextShard: Int32 = -1
    }

    private(set) var slots: [Slot] = []
    private var index: [String: Int] = [:]
    /// Keys with a value.
    private(set) var keys = 0
    private(set) var tombstones = 0
    /// UTF-8 bytes of all keys and bytes of all values.
    private(set) var bytes = 0
    /// Slots written since ``beginChanges()``, in order, some more than once; nil where nobody follows.
    private(set) var changes: [Int]?
    /// Slots written since ``takeTouched()``, some more than once; nil without a disk.
    private var touched: [Int]?

    subscript(key: String) -> Entry? {
        guard let position = index[key] else { return nil }
        return slots[position].entry
    }

    /// Keeps the later of what it holds and `entry`. True where `entry` is held afterwards and was not before.
    @discardableResult
    mutating func merge(_ key: String, _ entry: Entry) -> Bool {
        if let position = index[key] {
            let held = slots[position].entry
            guard held.version < entry.version else { return false }
            account(held, key, sign: -1)
            slots[position].entry = entry
            changes?.append(position)
            touched?.append(position)
        } else {
            index[key] = slots.count
            changes?.append(slots.count)
            touched?.append(slots.count)
            slots.append(Slot(key: key, entry: entry))
        }
        account(entry, key, sign: 1)
        return true
    }

    /// Starts to note the slots written, for the disk.
    mutating func beginTouched() { touched = [] }

    /// The slots written since the last call.
    mutating func takeTouched() -> [Int] {
        guard let taken = touched, !taken.isEmpty else { return [] }
        touched = []
        return taken
    }

    /// Starts to note what changes. Numbers noted so far stay valid if it was noting already.
    mutating func beginChanges() { if changes == nil { changes = [] } }

    mutating func endChanges() { changes = nil }

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
            let slot = slots[position]
            if isWanted(slot.entry) {
                let record = Record(key: slot.key, entry: slot.entry)
                weightBytes += record.weightBytes
                records.append(record)
            }
            position += 1
            seen += 1
        }
        return (records, position < slots.count ? UInt64(position) : nil)
    }

    /// Hashes slots `range` into the layout to come.
    mutating func tag(_ range: Range<Int>, for layout: Layout) {
        for position in range {
            slots[position].nextShard = Int32(layout.shard(ofKey: slots[position].key))
        }
    }

    mutating func clearTags() {
        for position in slots.indices { slots[position].nextShard = -1 }
    }

    /// Replaces everything by the entries given.
    mutating func rebuild(_ kept: [Slot]) {
        let capacity = kept.count
        slots = kept
        index = Dictionary(minimumCapacity: capacity)
        keys = 0
        tombstones = 0
        bytes = 0
        changes = nil
        if touched != nil { touched = [] }
        for position in slots.indices {
            slots[position].nextShard = -1
            index[slots[position].key] = position
            account(slots[position].entry, slots[position].key, sign: 1)
        }
    }

    private mutating func account(_ entry: Entry, _ key: String, sign: Int) {
        if let value = entry.value {
            keys += sign
            bytes += sign * (key.utf8.count + value.count)
        } else {
            tombstones += sign
            bytes += sign * key.utf8.count
        }
    }
}
