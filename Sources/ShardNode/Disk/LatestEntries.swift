import ShardCore

/// The outcome of changes for each key that they name: its last entry, or that it is gone.
struct LatestEntries {
    /// A key with its entry, nil if the key is gone.
    typealias Latest = (key: String, entry: Entry?)

    private var entries: [String: Entry?] = [:]

    var count: Int { entries.count }
    var records: [Record] { entries.compactMap { key, entry in entry.map { Record(key: key, entry: $0) } } }
    var removals: [String] { entries.compactMap { key, entry in entry == nil ? key : nil } }
    /// The keys in the order of the table's pages.
    var sorted: [Latest] { entries.map { ($0.key, $0.value) }.sorted { $0.key < $1.key } }

    func names(_ key: String) -> Bool { entries[key] != nil }

    /// Applies `change` as the last one. The caller drops what it clears.
    mutating func apply(_ change: DiskChange) {
        for key in change.removals { entries[key] = .some(nil) }
        for record in change.records { entries[record.key] = record.entry }
    }
}

extension DiskChange {
    /// Merges `changes` into one; of several changes of one key only the last counts.
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
