/// The size of a set of entries.
struct Tally: Hashable, Sendable {
    /// Keys with a value.
    private(set) var keys = 0
    private(set) var tombstones = 0
    /// UTF-8 bytes of all keys and bytes of all values.
    private(set) var bytes = 0

    mutating func add(_ entry: Entry, _ key: String) { add(valueBytes: entry.value?.count, key) }

    mutating func remove(_ entry: Entry, _ key: String) { remove(valueBytes: entry.value?.count, key) }

    /// - Parameter valueBytes: nil for a tombstone.
    mutating func add(valueBytes: Int?, _ key: String) { count(valueBytes, key, sign: 1) }

    mutating func remove(valueBytes: Int?, _ key: String) { count(valueBytes, key, sign: -1) }

    private mutating func count(_ valueBytes: Int?, _ key: String, sign: Int) {
        if let valueBytes {
            keys += sign
            bytes += sign * (key.utf8.count + valueBytes)
        } else {
            tombstones += sign
            bytes += sign * key.utf8.count
        }
        assert(keys >= 0 && tombstones >= 0 && bytes >= 0, "more is taken away than there was, of \(key)")
    }
}
