/// All moves of which one server is asked, by jobs that it does whole: a job's slots change hands in one step, or nothing
/// is changed. Nothing is ever left open, whoever dies.
struct JobRun: Procedure {
    struct Job: Sendable, Hashable {
        let move: Int
        let slots: SlotSet
        /// Of the server; nil until it is seen in its list.
        var id: String?
        var started: ContinuousClock.Instant
        var bytesRemaining: UInt64?
    }

    enum Phase: Sendable, Hashable { case beginning, looking, running, cancelling, over }

    let dialect: JobDialect
    let executor: Peer
    let moves: [PeerMove]
    let keys: [Int]?
    let clock: @Sendable () -> ContinuousClock.Instant
    /// The slots that are still to be asked for, by move.
    private var waiting: [SlotSet]
    private(set) var running: [Job] = []
    /// The slots that have changed hands, by move.
    private(set) var done: [SlotSet]
    /// The same in numbers, with the keys that were counted in them before.
    private(set) var counts: [(slots: Int, keys: Int)]
    /// Bytes that the executor sent or received for it.
    private(set) var bytes: UInt64 = 0
    /// Why it stopped before its end.
    private(set) var trouble: MoveTrouble?
    private var phase = Phase.beginning
    private var known: Set<String> = []
    private var sizer = JobSizer()
    private var asked: [Job] = []
    private var failures = 0
    private var silences = 0
    private var bytesBefore: UInt64?
    private var listed = 0
    private var isAborting = false
    /// The limit that a pace sets, as whoever runs it tells; nil for none.
    var keysPerSecond: Int?

    /// More than one, so that the next is at hand when one ends: a server does them one after the other.
    private static let jobsAtOnce = 2
    private static let failuresMax = 3
    private static let silencesMax = 15

    init(
        _ moves: [PeerMove], executor: Peer, dialect: JobDialect, keys: [Int]?,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.moves = moves
        self.executor = executor
        self.dialect = dialect
        self.keys = keys
        self.clock = clock
        waiting = moves.map(\.slots)
        done = moves.map { _ in SlotSet() }
        counts = moves.map { _ in (0, 0) }
    }

    mutating func abort() { isAborting = true }

    mutating func next(_ answers: [Answer]) -> Step {
        if let failure = answers.first?.failure { return silent(failure) }
        if !answers.isEmpty { silences = 0 }
        let replies = answers.first?.replies ?? []
        switch phase {
        case .beginning: return look()
        case .looking where answers.isEmpty: return ask([])
        case .looking:
            guard let jobs = replies.last.flatMap(SlotJob.list) else { return fail(replies.last) }
            known = Set(jobs.map(\.id))
            listed = jobs.count
            phase = .running
            return ask(starts())
        case .running where answers.isEmpty: return ask(starts())
        case .running, .cancelling: return heard(replies, wasAnswered: !answers.isEmpty)
        case .over: return .over
        }
    }

    /// Looks at the jobs that the server has already: they are not ours.
    private mutating func look() -> Step {
        phase = .looking
        return ask([])
    }

    private mutating func ask(_ starts: [Job]) -> Step {
        asked = starts
        var commands = starts.map { dialect.start($0.slots, to: moves[$0.move].to) }
        if phase == .cancelling { commands.append(dialect.cancel) }
        commands += [Command("INFO", "stats"), dialect.list]
        var request = Request(commands, to: executor.address, within: .seconds(10))
        if let keys { request.keys = starts.reduce(0) { $0 + $1.slots.reduce(0) { $0 + keys[$1.number] } } }
        return .ask([request])
    }

    /// The next jobs; of different targets in turn.
    private mutating func starts() -> [Job] {
        guard trouble == nil, !isAborting else { return [] }
        var starts: [Job] = []
        while running.count + starts.count < Self.jobsAtOnce {
            let busy = Dictionary(grouping: running + starts) { $0.move }.mapValues(\.count)
            let free = waiting.indices.filter { !waiting[$0].isEmpty }
            guard let move = free.min(by: { (busy[$0] ?? 0, $0) < (busy[$1] ?? 0, $1) }) else { break }
            let slots = sizer.cut(waiting[move], keys: keys, keysPerSecond: keysPerSecond)
            waiting[move].subtract(slots)
            starts.append(Job(move: move, slots: slots, started: clock()))
        }
        return starts
    }

    private mutating func heard(_ replies: [RESPValue], wasAnswered: Bool) -> Step {
        guard wasAnswered else { return ask(phase == .running ? starts() : []) }
        guard let jobs = replies.last.flatMap(SlotJob.list) else { return fail(replies.last) }
        listed = jobs.count
        for (job, reply) in zip(asked, replies) {
            if let error = reply.error { refused(job, error) } else { running.append(job) }
        }
        asked = []
        if replies.count > 1 { count(replies[replies.count - 2]) }
        settle(jobs)
        if isAborting, phase == .running {
            phase = .cancelling
            return running.isEmpty ? finish() : ask([])
        }
        let isFinished = running.isEmpty && (trouble != nil || waiting.allSatisfy(\.isEmpty) || phase == .cancelling)
        if isFinished { return finish() }
        let hasRoom = running.count < Self.jobsAtOnce && !waiting.allSatisfy(\.isEmpty) && trouble == nil
        if hasRoom, phase == .running, failures == 0 { return ask(starts()) }
        // A server that has many jobs in its log takes some time to list them.
        return .wait(.milliseconds(min(250, max(failures > 0 ? 200 : 10, listed / 5))))
    }

    private mutating func finish() -> Step {
        phase = .over
        return .over
    }

    private mutating func refused(_ job: Job, _ error: RESPError) {
        waiting[job.move].formUnion(job.slots)
        failures += 1
        if error.code == "NOPERM" {
            trouble = .notPermitted(error.message)
        } else if failures > Self.failuresMax {
            trouble = .refused(at: executor, error.message)
        }
    }

    /// Takes in the outcomes of the running jobs from the server's own list.
    private mutating func settle(_ jobs: [SlotJob]) {
        for index in running.indices where running[index].id == nil {
            let taken = Set(running.compactMap(\.id))
            let mine = running[index]
            running[index].id =
                jobs.first {
                    !known.contains($0.id) && !taken.contains($0.id) && $0.operation == dialect.operation
                        && $0.slots == mine.slots && $0.target == moves[mine.move].to.id
                }?.id
        }
        let listed = Dictionary(jobs.filter { $0.operation == dialect.operation }.map { ($0.id, $0) }) { first, _ in
            first
        }
        for job in running {
            guard let id = job.id, let seen = listed[id] else {
                // Never begun, as the question did not arrive; or the server was started again and has forgotten it.
                waiting[job.move].formUnion(job.slots)
                failures += 1
                if failures > Self.failuresMax {
                    trouble = .refused(at: executor, "it knows nothing of a job that it began")
                }
                running.removeAll { $0 == job }
                continue
            }
            switch seen.state {
            case .running:
                if let place = running.firstIndex(of: job) { running[place].bytesRemaining = seen.bytesRemaining }
                continue
            case .done:
                done[job.move].formUnion(job.slots)
                counts[job.move].slots += job.slots.count
                counts[job.move].keys += keys.map { keys in job.slots.reduce(0) { $0 + keys[$1.number] } } ?? 0
                sizer.ended(after: job.started.duration(to: clock()))
                failures = 0
            case .failed:
                waiting[job.move].formUnion(job.slots)
                failures += 1
                if failures > Self.failuresMax { trouble = .refused(at: executor, seen.message) }
            case .cancelled:
                waiting[job.move].formUnion(job.slots)
                if !isAborting { trouble = .cancelledByOthers }
            }
            known.insert(id)
            running.removeAll { $0.id == id }
        }
    }

    private mutating func count(_ info: RESPValue) {
        guard let bytes = info.bytes else { return }
        let names: Set = ["total_net_cluster_slot_export_bytes", "total_net_cluster_slot_import_bytes"]
        let text = InfoText(bytes, names: names)
        let name = dialect == .valkey ? "total_net_cluster_slot_export_bytes" : "total_net_cluster_slot_import_bytes"
        guard let total = text.count(name) else { return }
        let before = bytesBefore ?? total
        bytesBefore = before
        self.bytes = total - min(before, total)
    }

    /// One that does not answer may come back, and its jobs may run on meanwhile. Whether a job was begun is not known
    /// then: the server's list tells, once it answers.
    private mutating func silent(_ failure: ServerError) -> Step {
        running += asked
        asked = []
        silences += 1
        guard silences <= Self.silencesMax else {
            trouble = trouble ?? .gone(failure)
            return finish()
        }
        return .wait(.milliseconds(400))
    }

    private mutating func fail(_ reply: RESPValue?) -> Step {
        let error = reply?.error
        trouble =
            error?.code == "NOPERM"
            ? .notPermitted(error?.message ?? "")
            : .refused(at: executor, error?.message ?? "its list of jobs cannot be read")
        return finish()
    }
}

/// Why slots did not change hands.
enum MoveTrouble: Sendable, Hashable {
    case gone(ServerError)
    case refused(at: Peer, String)
    case notPermitted(String)
    /// Somebody else ended it.
    case cancelledByOthers
    case full(Peer)
    /// Slots that stay open, by what hinders them.
    case stuck(HashSlot, ClassicBatch.Trouble)
}
