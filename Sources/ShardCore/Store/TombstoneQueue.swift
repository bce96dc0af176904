import DequeModule

/// A tombstone that is to be forgotten once nobody needs it.
struct Tombstone: Sendable {
    /// Slots are used again.
    let key: String
    let position: Int
    let version: Version
    let sinceMicroseconds: UInt64
    /// The heartbeat at which it was found to be known to every member; nil if it was not yet.
    var knownSince: UInt64?
}

/// Tombstones written, the oldest first, with the time of that. Some have given way to later writes.
struct TombstoneQueue: Sendable {
    private(set) var all: Deque<Tombstone> = []
    /// The time that new tombstones are noted with.
    var nowMicroseconds: UInt64 = 0

    mutating func add(_ key: String, at position: Int, _ version: Version) {
        all.append(Tombstone(key: key, position: position, version: version, sinceMicroseconds: nowMicroseconds))
    }

    mutating func next() -> Tombstone? { all.popFirst() }

    /// It is looked at again after all others.
    mutating func putBack(_ tombstone: Tombstone) { all.append(tombstone) }
}
