import ShardCore

/// What is on the disk in the log only: the last value of every key written there, and how it passes over to the table
/// of entries.
///
/// A commit appends to the log, which costs the same however far apart its keys are. The table is brought up to date some
/// keys at a time, in the order of its pages, so that keys written again and again go there once, and neighbours together.
/// Then what has passed over goes from the log.
struct DiskBacklog {
    /// How a commit is written.
    enum Step {
        /// As a row of the log. These keys pass over to the table with it; after them rows of the log, where they were
        /// the last of their part.
        case logged(row: Int64, passing: ArraySlice<LatestEntries.Latest>, ending: Part?)
        /// Straight into the table, after all that is in the log.
        case straight(passing: ArraySlice<LatestEntries.Latest>)
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
    private var collected = LatestEntries()
    private var collectedBytes = 0
    private var collectedRows = 0
    private var last: Part?
    private var passing: ArraySlice<LatestEntries.Latest> = []
    private var passingPart: Part?

    /// What a log holds after a restart.
    ///
    /// - Parameter rows: each with its number, oldest first.
    init(rows: [(row: Int64, change: DiskChange)] = [], limits: Limits) {
        self.limits = limits
        for (row, change) in rows { collect(change, row: row) }
    }

    var state: DurableState? { last?.state }

    /// What the log holds after a restart, where nothing has passed over yet.
    var logged: LatestEntries { collected }

    /// How to write `change` next. It has happened once ``commit(_:_:)`` was told so.
    mutating func step(for change: DiskChange) -> Step {
        if change.clearsFirst { return .straight(passing: []) }
        let keys = change.records.count + change.removals.count
        guard keys <= limits.rowKeysMax, change.weightBytes <= limits.rowBytesMax else {
            return .straight(passing: passing + collected.sorted)
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
        passing = collected.sorted[...]
        passingPart = last
        collected = LatestEntries()
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
        collected.apply(change)
        collectedBytes += change.weightBytes
        collectedRows += 1
        last = Part(lastRow: row, state: change.state)
    }
}

extension DiskChange {
    fileprivate var weightBytes: Int { records.reduce(0) { $0 + $1.weightBytes } }
}
