/// Entries of other nodes that this node holds before it covers them.
///
/// At a switch these are the entries that the new owners may lack. They are known by their slots, so that nobody needs
/// to look at every key then.
extension Replica {
    /// Takes in an entry that another node wrote, or that was written under an older layout. True if it was news.
    @discardableResult
    mutating func merge(_ record: Record) -> Bool {
        let slot = store.slot(of: record.key)
        let existed = slot.map { store.isHeld($0) && !store.slots.isTombstone(at: $0) } ?? false
        guard store.merge(record.key, record.entry, slot: slot) else { return false }
        if !existed, record.entry.value != nil { requests.creations.note(record.entry.version.timestamp) }
        noteConfirmed(record.entry)
        // Fetched entries are looked through when the fetch ends.
        guard state != .catchingUp else {
            noteSeen(record.key)
            return true
        }
        guard let position = store.position(ofKey: record.key) else { return true }
        if epochState.uncovered.add(position) { pruneUncovered() }
        return true
    }

    /// Forgets the slots whose entries are covered by now, except during a freeze: an entry covered after the freeze
    /// began may not be in the baseline.
    mutating func pruneUncovered() {
        guard !isFrozen else { return }
        epochState.uncovered.set(
            Set(epochState.uncovered.slots).sorted().filter {
                store.isHeld($0) && !covers(store.slots.version(at: $0))
            })
    }

    /// Looks for uncovered entries in the whole store.
    mutating func findUncovered() {
        guard !isFrozen else {
            return epochState.uncovered.replace(with: Array(store.slots.indices))
        }
        epochState.uncovered.set(
            store.slots.indices.filter { store.isHeld($0) && !covers(store.slots.version(at: $0)) })
    }
}
