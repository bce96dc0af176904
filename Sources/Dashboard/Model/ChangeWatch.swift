import ClusterModel

/// When a change of the layout was seen to go on, by the dashboard's own clock. The nodes' clocks may be wrong: what
/// they tell is compared with what they told, and with nothing else.
public struct ChangeWatch: Equatable, Sendable {
    /// What changes with every progress.
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

    /// What a poll found may be older by so much than its end.
    static let readLateMilliseconds: UInt64 = 2_000

    public let id: String
    /// True where it was over when the dashboard first looked at the cluster.
    let wasOver: Bool
    private var counters: Counters
    /// When its counters changed last; where they were not seen to change, when it was first seen.
    private(set) var changedMilliseconds: UInt64
    /// What it had taken by then, by its own node's clock.
    private var spentMilliseconds: UInt64
    /// When it ended: its node's word, held between the polls that it came between.
    private(set) var endedMilliseconds: UInt64?

    /// - Parameters:
    ///   - before: when the nodes were asked last before this; nil for never.
    ///   - now: when they told of it.
    init(_ change: Change, after before: UInt64?, atMilliseconds now: UInt64) {
        id = change.id
        wasOver = before == nil && change.isOver
        counters = Counters(change)
        changedMilliseconds = now
        spentMilliseconds = change.spentMilliseconds
        noteEnd(change, after: before, atMilliseconds: now)
    }

    /// What the nodes tell of the same change later.
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

    /// Since it went on last.
    func stillMilliseconds(at now: UInt64) -> UInt64 { now - min(now, changedMilliseconds) }
}
