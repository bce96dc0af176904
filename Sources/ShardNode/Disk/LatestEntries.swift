import ShardCore

/// What changes leave of each key that they name: its last entry, or that it is gone.
struct LatestEntries {
    /// The value of a key, nil where it is gone.
    typealias Latest = (key: String, entry: Entry?)

    private var entries: [String: Entry?] = [:]

    var count: Int { entries.count }
    var records: [Record] { entries.compactMap { key, entry in entry.map { Record(key: key, entry: $0) } } }
    var removals: [String] { entries.compactMap { key, entry in entry == nil ? key : nil } }
    /// In the order of the table's pages.
    var sorted: [Latest] { entries.map { ($0.key, $0.value) }.sorted { $0.key < $1.key } }

    func names(_ key: String) -> Bool { entries[key] != nil }

    /// `change` comes last. What it clears is the caller's to drop.
    mutating func apply(_ change: DiskChange) {
        for key in change.removals { entries[key] = .some(nil) }
        for record in change.records { entries[record.key] = record.entry }
    }
}

extension DiskChange {
    /// All of `changes` in one; of several changes of one key only the last counts.
    init?(merging changes: [DiskChange]) {
        guard let end = changes.last else { return nil }
        guard changes.count > 1 else {
            self = end
            return
        }
        let start = changes.lastIndex(where: \.clearsFirst)
        var latest = LatestEntries()
        for change in changes[(start ?? changes.startIndex)...] { latest.apply(change) }
        self.init(
            clearsFirst: start != nil, records: latest.records, removals: latest.removals, state: end.state,
            isVital: changes.contains(where: \.isVital))
    }
}
