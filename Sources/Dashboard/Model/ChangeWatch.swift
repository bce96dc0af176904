import ClusterModel

/// The progress of a change of the layout, timed by the dashboard's own clock. The nodes' clocks may be wrong, so a
/// node's times are compared only with other times of the same node.
public struct ChangeWatch: Equatable, Sendable {
    /// The values of which at least one changes with every progress.
    private struct Counters: Equatable {
        var stage: Int
        var isOver: Bool
        var step: Change.Step?
        var lastProgressMilliseconds: UInt64
        var done: Int

        init(_ change: Change) {
            stage = change.stage
            isOver = change.isOver
            step = change.step
            lastProgressMilliseconds = change.lastProgressMilliseconds
            done = change.current.work?.done ?? 0
        }
    }

    /// How much earlier than the end of its poll an answer may have been read.
    static let readLateMilliseconds: UInt64 = 2_000

    public let id: String
    /// True if the change was over when the dashboard first looked at the cluster.
    let wasOver: Bool
    private var counters: Counters
    /// When its counters changed last; if they never did, when the change was first seen.
    private(set) var changedMilliseconds: UInt64
    /// The time that the change had taken by then, by its own node's clock.
    private var spentMilliseconds: UInt64
    /// When it ended, by its node's clock, but bounded by the two polls before and after the end.
    private(set) var endedMilliseconds: UInt64?

    /// - Parameters:
    ///   - before: when the nodes were last polled before this; nil for never.
    ///   - now: when the nodes told of the change.
    init(_ change: Change, after before: UInt64?, atMilliseconds now: UInt64) {
        id = change.id
        wasOver = before == nil && change.isOver
        counters = Counters(change)
        changedMilliseconds = now
        spentMilliseconds = change.spentMilliseconds
        noteEnd(change, after: before, atMilliseconds: now)
    }

    /// Takes in what the nodes tell of the same change later.
    mutating func add(_ change: Change, after before: UInt64?, atMilliseconds now: UInt64) {
        let new = Counters(change)
        guard new != counters else { return }
        (counters, changedMilliseconds, spentMilliseconds) = (new, now, change.spentMilliseconds)
        if endedMilliseconds == nil { noteEnd(change, after: before, atMilliseconds: now) }
    }

    private mutating func noteEnd(_ change: Change, after before: UInt64?, atMilliseconds now: UInt64) {
        guard change.isOver, let finished = change.finishedMilliseconds else { return }
        let earliest = before.map { $0 - min($0, Self.readLateMilliseconds) } ?? 0
        endedMilliseconds = wasOver ? finished : min(now, max(earliest, finished))
    }

    /// How long it has been running.
    func elapsedMilliseconds(at now: UInt64) -> UInt64 { spentMilliseconds + stillMilliseconds(at: now) }

    /// How long it has been without progress.
    func stillMilliseconds(at now: UInt64) -> UInt64 { now - min(now, changedMilliseconds) }
}
