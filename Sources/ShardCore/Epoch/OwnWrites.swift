import DequeModule

/// This node's own writes of an epoch: how many there were, and the keys of the latest, for members that lack them.
struct OwnWrites: Sendable {
    private(set) var count: UInt64 = 0
    /// The keys of the writes `start + 1 ... count`.
    private var keys: Deque<String> = []
    private(set) var start: UInt64 = 0

    var isLogEmpty: Bool { keys.isEmpty }

    /// Counts a write.
    ///
    /// - Returns: its number, from 1.
    mutating func next() -> UInt64 {
        count += 1
        return count
    }

    /// Keeps the key of the write that was counted last.
    mutating func log(_ key: String) {
        keys.append(key)
        assert(start + UInt64(keys.count) == count, "a write was counted and not logged, or the other way round")
    }

    /// Keeps nothing: there is nobody who could lack them.
    mutating func skip() {
        assert(keys.isEmpty, "keys that somebody may lack are skipped")
        start = count
    }

    /// - Parameter number: of a write in ``start`` + 1 ... ``count``.
    func key(of number: UInt64) -> String { keys[Int(number - start - 1)] }

    /// Forgets the keys of the writes up to this one.
    mutating func trim(to number: UInt64) {
        assert(number <= count, "write \(number) is not made yet")
        guard number > start else { return }
        keys.removeFirst(min(keys.count, Int(number - start)))
        start = number
    }
}
