/// Freeing what is held no more.
extension Store {
    var hasLeftovers: Bool { leftover != nil }

    /// Frees what belongs to no generation any more among the next `count` slots, and says which keys that were.
    mutating func freeLeftovers(_ count: Int) -> [String] {
        guard let start = leftover else { return [] }
        var keys: [String] = []
        let end = min(slots.count, start + min(count, slots.count))
        for position in start..<max(start, end)
        where slots.generation(at: position) > 0 || slots.nextGeneration(at: position) > 0 {
            guard !isHeld(position), !isNext(position) else { continue }
            keys.append(slots.key(at: position))
            release(position)
        }
        leftover = end < slots.count ? end : nil
        return keys
    }

    /// Holds the entry of a slot no more, whatever it is in the generation to come.
    mutating func drop(_ position: Int) {
        tally.remove(slots.entry(at: position), slots.key(at: position))
        if isNext(position) { slots.setGeneration(0, at: position) } else { release(position) }
    }

    /// Forgets tombstones that `isSafe` says yes to, looking at up to `count` of them; returns what it forgot.
    ///
    /// - Parameter isSafe: may note in a tombstone what it has found out of it; gets what the deletion depends on, too.
    mutating func collectTombstones(
        _ count: Int, where isSafe: (inout Tombstone, VersionVector) -> Bool
    ) -> [(key: String, dot: Dot)] {
        var collected: [(key: String, dot: Dot)] = []
        for _ in 0..<min(count, tombstones.all.count) {
            guard var tombstone = tombstones.next() else { break }
            guard slots.indices.contains(tombstone.position),
                isHeld(tombstone.position) || isNext(tombstone.position),
                slots.version(at: tombstone.position) == tombstone.version
            else { continue }
            // One that is staged is looked at again once it is in force.
            guard isHeld(tombstone.position), isSafe(&tombstone, slots.dependencies(at: tombstone.position)) else {
                tombstones.putBack(tombstone)
                continue
            }
            let record = record(at: tombstone.position)
            tally.remove(record.entry, record.key)
            collected.append((record.key, record.entry.version.dot))
            release(tombstone.position)
        }
        return collected
    }
}
