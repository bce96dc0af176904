/// How much a set of entries is.
struct Tally: Hashable, Sendable {
    /// Keys with a value.
    private(set) var keys = 0
    private(set) var tombstones = 0
    /// UTF-8 bytes of all keys and bytes of all values.
    private(set) var bytes = 0

    mutating func add(_ entry: Entry, _ key: String) { count(entry, key, sign: 1) }

    mutating func remove(_ entry: Entry, _ key: String) { count(entry, key, sign: -1) }

    private mutating func count(_ entry: Entry, _ key: String, sign: Int) {
        if let value = entry.value {
            keys += sign
            bytes += sign * (key.utf8.count + value.count)
        } else {
            tombstones += sign
            bytes += sign * key.utf8.count
        }
    }
}
