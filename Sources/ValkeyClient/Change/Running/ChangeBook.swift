import ClusterModel
import HostSystem
import Synchronization

/// The progress of the running change: written by the one who makes it, read by those who show it.
final class ChangeBook: Sendable {
    private struct State {
        var change: Change
        var stageBegan: ContinuousClock.Instant
        /// The work that earlier rounds did, by pair.
        var base: [Change.Pair] = []
    }

    private let state: Mutex<State>
    private let began = ContinuousClock().now

    init(id: String, name: String, stages: [Stage]) {
        var change = Change(id: id, name: name, stages: stages, startedMilliseconds: SteadyClock.shared.nowMilliseconds)
        change.by = "this shardtop"
        change.agreement = "are well"
        change.stages[0].startMicroseconds = 0
        state = Mutex(State(change: change, stageBegan: began))
    }

    var change: Change { state.withLock { $0.change } }

    /// Changes what is told, and notes that something went on.
    func update(_ body: (inout Change) -> Void) {
        state.withLock { state in
            body(&state.change)
            state.change.lastProgressMilliseconds = SteadyClock.shared.nowMilliseconds
        }
    }

    /// Begins the stage of the name, and ends the one before.
    func begin(_ name: String) {
        let now = ContinuousClock().now
        update { change in
            guard let next = change.stages.firstIndex(where: { $0.name == name }) else { return }
            endStage(&change, now)
            change.stage = next
            change.stages[next].startMicroseconds = began.duration(to: now).microseconds
            change.stages[next].durationMicroseconds = nil
        }
        state.withLock { $0.stageBegan = now }
    }

    private func endStage(_ change: inout Change, _ now: ContinuousClock.Instant) {
        guard let start = change.stages[change.stage].startMicroseconds else { return }
        let spent = began.duration(to: now).microseconds
        change.stages[change.stage].durationMicroseconds = spent - min(spent, start)
    }

    func waits(for what: String?) { state.withLock { $0.change.waitingFor = what } }

    /// Takes in the pairs that are to move in this round, beside those that earlier rounds have moved.
    func plan(_ pairs: [Change.Pair], unit: String) {
        state.withLock { state in
            state.base = state.change.pairs.filter { $0.from != $0.to && $0.done > 0 }
            for index in state.base.indices { state.base[index].planned = state.base[index].done }
            state.change.pairUnit = unit
            state.change.pairs = Self.sum(state.base, pairs)
        }
    }

    /// How far this round's pairs are.
    func moved(_ pairs: [Change.Pair]) {
        let now = SteadyClock.shared.nowMilliseconds
        state.withLock { state in
            let sum = Self.sum(state.base, pairs)
            guard sum != state.change.pairs else { return }
            state.change.pairs = sum
            state.change.lastProgressMilliseconds = now
            guard let place = state.change.stages.firstIndex(where: { $0.picture == .pairs }) else { return }
            let moving = sum.filter { $0.from != $0.to }
            let (done, all) = (moving.reduce(0) { $0 + $1.done }, moving.reduce(0) { $0 + $1.planned })
            let unit = state.change.pairUnit
            state.change.stages[place].work = Stage.Work(done: done, total: all, unit: unit)
            state.change.stages[place].figures = "\(done) of \(all) \(unit)s moved"
        }
    }

    private static func sum(_ base: [Change.Pair], _ pairs: [Change.Pair]) -> [Change.Pair] {
        var sum = base
        for pair in pairs {
            if let place = sum.firstIndex(where: { $0.from == pair.from && $0.to == pair.to }) {
                sum[place].planned += pair.planned
                sum[place].done += pair.done
                if let bytes = pair.bytes { sum[place].bytes = (sum[place].bytes ?? 0) + bytes }
                sum[place].note = pair.note
            } else {
                sum.append(pair)
            }
        }
        return sum
    }

    func end(_ kind: Change.Outcome.Kind, reason: String? = nil, state words: String? = nil) {
        let now = ContinuousClock().now
        update { change in
            endStage(&change, now)
            change.outcome = .init(kind, reason: reason, state: words)
            change.isAbortable = false
            change.waitingFor = nil
            change.finishedMilliseconds = SteadyClock.shared.nowMilliseconds
        }
    }
}
