import ClusterModel
import Synchronization

/// Makes moves, in the way that the servers can, and tells how far it is.
struct Mover: Sendable {
    let runner: ProcedureRunner
    let moves: [PeerMove]
    let way: MoveWay
    let keys: [Int]?
    /// Targets that have no slot yet.
    let bare: Set<NodeID>
    let terms: MoveTerms
    /// Hears, for each move, what is done of it: slots that changed hands, keys of others that went, bytes.
    let watch: @Sendable ([Progress]) -> Void

    struct Progress: Sendable, Hashable {
        /// Slots that changed hands, and how many keys were counted in them before.
        var slots = 0
        var keys = 0
        /// Of slots that are on their way.
        var keysUnderWay = 0
        var bytes: Int?
    }

    struct Outcome: Sendable {
        var done: [SlotSet]
        var troubles: [MoveTrouble] = []
        /// Slots that must be looked at before anything else is done.
        var unsettled = SlotSet()
        /// Slots of which the target had nothing before.
        var virgins = SlotSet()
        var isByJobs = false
    }

    func run() async -> Outcome {
        switch way {
        case .classic: await runClassic()
        case .jobs(let dialect): await runJobs(dialect)
        }
    }

    private func runJobs(_ dialect: JobDialect) async -> Outcome {
        let byExecutor = Dictionary(grouping: moves.indices) { dialect.executor(of: moves[$0]) }
        let tally = Tally(moves.count)
        let pace = await runner.pacer.keysPerSecond
        return await withTaskGroup(of: ([Int], JobRun).self) { group in
            for (executor, places) in byExecutor {
                var run = JobRun(places.map { moves[$0] }, executor: executor, dialect: dialect, keys: keys)
                run.keysPerSecond = pace
                group.addTask { [run] in
                    // Its own lane: whoever only looks must not wait for it.
                    let ended = await runner.run(run, lane: 1) { run in
                        watch(tally.update { $0.take(run, places) })
                    }
                    return (places, ended)
                }
            }
            var outcome = Outcome(done: moves.map { _ in SlotSet() })
            outcome.isByJobs = true
            for await (places, run) in group {
                for (index, place) in places.enumerated() { outcome.done[place] = run.done[index] }
                if let trouble = run.trouble { outcome.troubles.append(trouble) }
            }
            return outcome
        }
    }

    private func runClassic() async -> Outcome {
        var schedule = ClassicSchedule(moves, keys: keys, bare: bare, terms: terms)
        schedule.keysPerSecond = await runner.pacer.keysPerSecond
        let tally = Tally(moves.count)
        return await withTaskGroup(of: (Int, ClassicBatch).self) { group in
            while true {
                if runner.signal.isRaised { schedule.isEnding = true }
                while let next = schedule.next() {
                    let move = moves[next.move]
                    group.addTask {
                        let batch = ClassicBatch(next.slots, from: move.from, to: move.to, terms: terms)
                        let ended = await runner.run(batch, lane: next.lane) { batch in
                            watch(tally.update { $0.underWay[next.lane] = (next.move, batch.keysMoved) })
                        }
                        return (next.lane, ended)
                    }
                }
                guard let (lane, batch) = await group.next() else { break }
                schedule.ended(lane, batch)
                let counts = schedule.counts
                watch(
                    tally.update { tally in
                        for (move, count) in counts.enumerated() {
                            (tally.moves[move].slots, tally.moves[move].keys) = (count.slots, count.keys)
                        }
                        tally.underWay[lane] = nil
                    })
            }
            return Outcome(
                done: schedule.done, troubles: schedule.troubles, unsettled: schedule.unsettled,
                virgins: schedule.virgins)
        }
    }

    /// The progress of all procedures that run side by side, put together.
    private final class Tally: Sendable {
        struct Counts: Sendable {
            var moves: [Progress]
            /// Of batches, by lane: whose they are, and keys that went.
            var underWay: [Int: (move: Int, keys: Int)] = [:]

            mutating func take(_ run: JobRun, _ places: [Int]) {
                for (index, place) in places.enumerated() {
                    (moves[place].slots, moves[place].keys) = (run.counts[index].slots, run.counts[index].keys)
                    moves[place].bytes = places.count == 1 ? Int(clamping: run.bytes) : nil
                }
            }
        }

        private let counts: Mutex<Counts>

        init(_ count: Int) { counts = Mutex(Counts(moves: Array(repeating: Progress(), count: count))) }

        func update(_ body: (inout Counts) -> Void) -> [Progress] {
            counts.withLock { counts in
                body(&counts)
                var progress = counts.moves
                for (move, keys) in counts.underWay.values { progress[move].keysUnderWay += keys }
                return progress
            }
        }
    }
}
