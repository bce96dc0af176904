import ShardCore

/// The changes that are on the disk in the log only, as the last value of every key written there, and their way into
/// the table of entries.
///
/// A commit appends to the log, which costs the same however far apart its keys are. The table is brought up to date
/// some keys at a time, in the order of its pages, so that keys written again and again go there once, and neighbours
/// together. Rows that have passed over to the table are then deleted from the log.
struct DiskBacklog {
    /// The way in which a commit is written.
    enum Step {
        /// The commit is a row of the log. The keys `passing` pass over to the table with it; if they are the last of a
        /// part, the part's rows are deleted from the log.
        case logged(row: Int64, passing: ArraySlice<LatestEntries.Latest>, ending: Part?)
        /// The commit goes straight into the table, after all that is in the log.
        case straight(passing: ArraySlice<LatestEntries.Latest>)
    }

    /// Rows of the log that pass over together, and the state after them.
    struct Part {
        var lastRow: Int64
        var state: DurableState
    }

    struct Limits {
        /// A change with more keys or bytes than this goes straight into the table instead of the log.
        var rowKeysMax = 2_048
        var rowBytesMax = 512 * 1_024
        /// With this many keys, bytes or rows, the log begins to pass over.
        var partKeysMax = 8_192
        var partBytesMax = 4 * 1_024 * 1_024
        var partRowsMax = 2_048
        /// The fewest keys that pass over with a commit.
        var passingMin = 32
    }

    private let limits: Limits
    private var collected = LatestEntries()
    private var collectedBytes = 0
    private var collectedRows = 0
    private var last: Part?
    private var passing: ArraySlice<LatestEntries.Latest> = []
    private var passingPart: Part?

    /// Rebuilds the backlog from the log after a restart.
    ///
    /// - Parameter rows: the changes in the log, each with its row's number, oldest first.
    init(rows: [(row: Int64, change: DiskChange)] = [], limits: Limits) {
        self.limits = limits
        for (row, change) in rows { collect(change, row: row) }
    }

    var state: DurableState? { last?.state }

    /// The contents of the log after a restart, before anything has passed over.
    var logged: LatestEntries { collected }

    /// Returns how to write `change` next. Once that is done, ``commit(_:_:)`` is to be called.
    mutating func step(for change: DiskChange) -> Step {
        if change.clearsFirst { return .straight(passing: []) }
        let keys = change.records.count + change.removals.count
        guard keys <= limits.rowKeysMax, change.weightBytes <= limits.rowBytesMax else {
            return .straight(passing: passing + collected.sorted)
        }
        if passingPart == nil { beginPart() }
        // More keys pass over than come in, so that the log does not grow.
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

    /// Notes that `change` is on the disk, written as `step` says.
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
