import ShardCore

/// What is on the disk in the log only: the last value of every key written there, and how it passes over to the table
/// of entries.
///
/// A commit appends to the log, which costs the same however far apart its keys are. The table is brought up to date some
/// keys at a time, in the order of its pages, so that keys written again and again go there once, and neighbours together.
/// Then what has passed over goes from the log.
struct DiskBacklog {
    /// The value of a key, nil where it is deleted.
    typealias Latest = (key: String, entry: Entry?)

    /// How a commit is written.
    enum Step {
        /// As a row of the log. These keys pass over to the table with it; after them rows of the log, where they were
        /// the last of their part.
        case logged(row: Int64, passing: ArraySlice<Latest>, ending: Part?)
        /// Straight into the table, after all that is in the log.
        case straight(passing: [Latest])
    }

    /// Rows of the log that pass over together, and the state after them.
    struct Part {
        var lastRow: Int64
        var state: DurableState
    }

    struct Limits {
        /// More keys or bytes than this are no row of the log: the table takes them as well.
        var rowKeysMax = 2_048
        var rowBytesMax = 512 * 1_024
        /// So many keys, bytes or rows begin to pass over.
        var partKeysMax = 8_192
        var partBytesMax = 4 * 1_024 * 1_024
        var partRowsMax = 2_048
        /// Of them, the fewest that go with a commit.
        var passingMin = 32
    }

    private let limits: Limits
    private var collected: [String: Entry?] = [:]
    private var collectedBytes = 0
    private var collectedRows = 0
    private var last: Part?
    private var passing: ArraySlice<Latest> = []
    private var passingPart: Part?

    /// What a log holds after a restart.
    ///
    /// - Parameter rows: each with its number, oldest first.
    init(rows: [(row: Int64, change: DiskChange)] = [], limits: Limits) {
        self.limits = limits
        for (row, change) in rows { collect(change, row: row) }
    }

    var state: DurableState? { last?.state }

    /// What the log says of `key`; nil where it says nothing.
    func latest(of key: String) -> Entry?? { collected[key] }

    /// The entries that the log holds after a restart.
    var records: [Record] {
        collected.compactMap { key, entry in entry.map { Record(key: key, entry: $0) } }
    }

    /// How to write `change` next. It has happened once ``commit(_:_:)`` was told so.
    mutating func step(for change: DiskChange) -> Step {
        if change.clearsFirst { return .straight(passing: []) }
        let keys = change.records.count + change.removals.count
        let bytes = change.records.reduce(0) { $0 + $1.weightBytes }
        guard keys <= limits.rowKeysMax, bytes <= limits.rowBytesMax else {
            return .straight(passing: passing + collected.map { ($0.key, $0.value) }.sorted { $0.key < $1.key })
        }
        if passingPart == nil { beginPart() }
        // Quicker than they come, so that the log does not grow.
        let next = passing.prefix(max(limits.passingMin, 2 * keys))
        return .logged(
            row: (last?.lastRow ?? 0) + 1, passing: next, ending: next.count == passing.count ? passingPart : nil)
    }

    private mutating func beginPart() {
        guard
            collected.count >= limits.partKeysMax || collectedBytes >= limits.partBytesMax
                || collectedRows >= limits.partRowsMax
        else { return }
        passing = collected.map { ($0.key, $0.value) }.sorted { $0.key < $1.key }[...]
        passingPart = last
        collected = [:]
        collectedBytes = 0
        collectedRows = 0
    }

    /// `change` is on the disk, as `step` said.
    mutating func commit(_ change: DiskChange, _ step: Step) {
        switch step {
        case .logged(let row, let passed, let ending):
            passing = passing.dropFirst(passed.count)
            if ending != nil { passingPart = nil }
            collect(change, row: row)
        case .straight:
            self = DiskBacklog(limits: limits)
        }
    }

    private mutating func collect(_ change: DiskChange, row: Int64) {
        for key in change.removals { collected[key] = .some(nil) }
        for record in change.records {
            collected[record.key] = record.entry
            collectedBytes += record.weightBytes
        }
        collectedRows += 1
        last = Part(lastRow: row, state: change.state)
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
        var latest: [String: Entry?] = [:]
        for change in changes[(start ?? changes.startIndex)...] {
            for key in change.removals { latest[key] = .some(nil) }
            for record in change.records { latest[record.key] = record.entry }
        }
        self.init(
            clearsFirst: start != nil,
            records: latest.compactMap { key, entry in entry.map { Record(key: key, entry: $0) } },
            removals: latest.compactMap { key, entry in entry == nil ? key : nil },
            state: end.state, isVital: changes.contains(where: \.isVital))
    }
}
