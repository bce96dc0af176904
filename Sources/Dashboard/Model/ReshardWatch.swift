import ShardCore

/// When a change of the layout was seen to go on, by the dashboard's own clock. The nodes' clocks may be wrong: what
/// they tell is compared with what they told, and with nothing else.
public struct ReshardWatch: Equatable, Sendable {
    /// What changes with every progress.
    private struct Counters: Equatable {
        var phase: ReshardProgress.Phase
        var step: ReshardProgress.Step?
        var lastProgressMilliseconds: UInt64
        var done: Int

        init(_ reshard: ReshardProgress) {
            phase = reshard.phase
            step = reshard.step
            lastProgressMilliseconds = reshard.lastProgressMilliseconds
            done = Work(reshard).done
        }
    }

    /// What a poll found may be older by so much than its end.
    static let readLateMilliseconds: UInt64 = 2_000

    public let operation: String
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
    init(_ reshard: ReshardProgress, after before: UInt64?, atMilliseconds now: UInt64) {
        operation = reshard.operation
        wasOver = before == nil && reshard.phase.isEnd
        counters = Counters(reshard)
        changedMilliseconds = now
        spentMilliseconds = reshard.spentMilliseconds
        noteEnd(reshard, after: before, atMilliseconds: now)
    }

    /// What the nodes tell of the same change later.
    mutating func add(_ reshard: ReshardProgress, after before: UInt64?, atMilliseconds now: UInt64) {
        let new = Counters(reshard)
        guard new != counters else { return }
        (counters, changedMilliseconds, spentMilliseconds) = (new, now, reshard.spentMilliseconds)
        if endedMilliseconds == nil { noteEnd(reshard, after: before, atMilliseconds: now) }
    }

    private mutating func noteEnd(_ reshard: ReshardProgress, after before: UInt64?, atMilliseconds now: UInt64) {
        guard reshard.phase.isEnd, let finished = reshard.finishedMilliseconds else { return }
        let earliest = before.map { $0 - min($0, Self.readLateMilliseconds) } ?? 0
        endedMilliseconds = wasOver ? finished : min(now, max(earliest, finished))
    }

    /// How long it has been running.
    func elapsedMilliseconds(at now: UInt64) -> UInt64 { spentMilliseconds + stillMilliseconds(at: now) }

    /// Since it went on last.
    func stillMilliseconds(at now: UInt64) -> UInt64 { now - min(now, changedMilliseconds) }
}
