import ClusterModel

/// A migration that somebody else runs, as a change of the model.
struct ForeignChange {
    let run: ForeignMigration.Run

    var change: Change {
        var stage = Stage(
            "migrate", words: "Slots go from one shard to another, with the keys in them.", picture: .pairs)
        let moved = run.movedCount
        let seen = moved + run.movingCount
        let last = run.finishedMilliseconds ?? run.lastProgressMilliseconds
        stage.startMicroseconds = 0
        stage.work = Stage.Work(done: moved, total: seen, unit: "slot")
        stage.figures = "\(moved) slots moved, \(run.movingCount) on their way"
        if run.finishedMilliseconds != nil {
            stage.durationMicroseconds = (last - min(last, run.startedMilliseconds)) * 1_000
        }
        var change = Change(
            id: "foreign-\(run.startedMilliseconds)", name: "slot migration", stages: [stage],
            startedMilliseconds: run.startedMilliseconds)
        change.isOurs = false
        change.isAbortable = false
        change.by = "somebody else"
        change.pairUnit = "slot"
        change.pairs = run.pairs.sorted { $0.key < $1.key }.map { lane($0.value) }
        change.lastProgressMilliseconds = run.lastProgressMilliseconds
        change.finishedMilliseconds = run.finishedMilliseconds
        change.safety = "somebody else's program moves these slots; how many it plans to move is not known here"
        change.safetyShort = "not started here"
        change.outcome = outcome
        change.agreement = "are up"
        // Nobody here knows what was to be moved.
        if run.finishedMilliseconds != nil {
            change.findings = [.init("what else was to be moved is not known here", .missing)]
        }
        return change
    }

    private func lane(_ pair: ForeignMigration.Pair) -> Change.Pair {
        let moved = pair.moved.count
        var lane = Change.Pair(
            from: pair.from, to: pair.to, planned: moved + pair.moving.count, done: moved,
            bytes: pair.bytes > 0 ? Int(clamping: pair.bytes) : nil)
        lane.note = pair.failure.map { "a job ended: \($0)" } ?? (pair.moving.isEmpty ? nil : pair.moving.words)
        return lane
    }

    private var outcome: Change.Outcome? {
        guard run.finishedMilliseconds != nil else { return nil }
        if run.isLeftOpen {
            let reason = "it stopped half-way: nothing has moved for 20 s"
            return Change.Outcome(.failed, reason: reason, state: "\(run.movingCount) slots are left open")
        }
        let failures = run.pairs.values.compactMap(\.failure)
        guard run.movedCount == 0, let failure = failures.first else { return Change.Outcome(.done) }
        return Change.Outcome(.failed, reason: failure, state: "nothing was moved")
    }
}
