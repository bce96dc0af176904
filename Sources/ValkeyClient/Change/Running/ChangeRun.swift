import ClusterModel

/// One change from its beginning to its end: checked, planned, made, looked at.
struct ChangeRun: Sendable {
    let goal: Goal
    let surveyor: Surveyor
    let runner: ProcedureRunner
    let login: ServerLogin
    let book: ChangeBook
    let shard: @Sendable (NodeID, Survey) -> ShardID
    /// Nil: by what the servers can.
    var way: MoveWay?
    /// The plan that somebody agreed to; nil if nobody was asked.
    var seen: Plan?

    static let check = Stage(
        "check", words: "Is anything open, down or disagreed about? Does somebody else move slots?")
    static let plan = Stage("plan", words: "Which slots change hands, from whom to whom.")
    static let members = Stage("members", words: "Nodes are met, forgotten or change their part.")
    static let repair = Stage("repair", words: "What is open is brought to its end, or put back.")
    static let migrate = Stage("migrate", words: "Slots change hands, with all their keys.", picture: .pairs)
    static let verify = Stage("verify", words: "Do all nodes agree? Is every slot covered once, and none open?")

    static func stages(_ goal: Goal) -> [Stage] {
        switch goal {
        case .repair: [check, repair, verify]
        case .failover: [check, plan, members, verify]
        case .addMember: [check, plan, members, verify]
        case .removeMember: [check, plan, migrate, members, verify]
        case .shardCount, .rebalance, .move: [check, plan, migrate, verify]
        }
    }

    private static let roundsMax = 3

    func run() async throws(ChangeError) {
        if case .repair(let way) = goal { return try await repair(way) }
        var before: Verifier.Before?
        var expected: [NodeID: SlotSet] = [:]
        var takers: Set<NodeID> = []
        var movedAny = false
        var knowledge = Repairer.Knowledge()
        for round in 1...Self.roundsMax {
            book.begin("check")
            var survey = try await calm(isFirst: round == 1)
            if round > 1, !RepairPlanner.slots(survey.topology, knowledge.superseded(in: survey)).isEmpty {
                // Somebody came back after all was mended, and does not know it.
                _ = await mendOpen(knowledge, survey)
                survey = try await calm(isFirst: false)
            }
            try checkFor(goal, survey, movedAny: movedAny)
            if before == nil { before = await verifier.count(survey) }
            book.begin("plan")
            let (plan, board) = try await planned(survey, movedAny: movedAny)
            try await perform(plan.before, plan)
            var outcome = Mover.Outcome(done: [])
            if !plan.moves.isEmpty {
                outcome = try await migrate(plan, board, survey)
                if outcome.isByJobs { takers.formUnion(plan.moves.map(\.to)) }
                for (move, slots) in zip(plan.moves, outcome.done) where !slots.isEmpty {
                    movedAny = true
                    expected[move.to, default: SlotSet()].formUnion(slots)
                    expected[move.from]?.subtract(slots)
                }
            }
            let isWhole = zip(plan.moves, outcome.done).allSatisfy { $0.slots == $1 }
            if !isWhole {
                knowledge.learn(plan, outcome, survey)
                try await mend(outcome, plan, survey, knowledge, isLast: round == Self.roundsMax)
                // Others may have other slots now: what was expected of nodes that are gone is not.
                expected = [:]
                continue
            }
            try await perform(plan.after, plan)
            return try await finish(expected, before, takers)
        }
    }

    private var verifier: Verifier { Verifier(surveyor: surveyor, runner: runner) }

    private func survey() async throws(ChangeError) -> Survey {
        do throws(ServerError) { return try await surveyor.survey() } catch {
            throw ChangeError(.refused, "\(error)")
        }
    }

    /// A look at a cluster whose nodes agree. Word of the last change takes about a second to reach all; a node that died
    /// in the middle of this one is waited for until it is replaced.
    private func calm(isFirst: Bool) async throws(ChangeError) -> Survey {
        let clock = ContinuousClock()
        let began = clock.now
        while true {
            try heed()
            let survey = try await survey()
            let missing = isFirst ? nil : Safety.missingOwners(survey).first
            // A cluster with a slot missing serves no keys at all: the hindrances of the change tell that.
            let idle = isFirst && !Safety.hindrances(survey).isEmpty ? nil : Safety.idlePrimaries(survey).first
            guard let words = Safety.disagreements(survey).first ?? missing ?? idle else { return survey }
            book.waits(for: words)
            let patience = isFirst ? .seconds(8) : Self.patience(survey)
            guard began.duration(to: clock.now) < patience, (try? await Task.sleep(for: .milliseconds(200))) != nil
            else {
                throw ChangeError(
                    isFirst ? .refused : .failed,
                    missing ?? idle ?? "the nodes do not agree: \(words). Wait until they do, or repair",
                    state: isFirst ? "nothing was changed" : Self.partly)
            }
        }
    }

    /// A node that is down is replaced after its time-out, the election and as much again at the most.
    private static func patience(_ survey: Survey) -> Duration {
        .milliseconds(3 * (survey.nodeTimeoutMilliseconds ?? 15_000) + 10_000)
    }

    private func heed() throws(ChangeError) {
        if runner.signal.isRaised { throw ChangeError(.aborted, "it was ended") }
    }

    private func checkFor(_ goal: Goal, _ survey: Survey, movedAny: Bool) throws(ChangeError) {
        book.waits(for: nil)
        // A failover is for a cluster one of whose primaries is down; a node that is met or forgotten concerns no slots.
        if case .failover = goal { return }
        let hindrances = Safety.hindrances(survey)
        if case .addMember = goal, survey.topology.openSlots.isEmpty { return }
        guard let first = hindrances.first else { return }
        throw ChangeError(movedAny ? .failed : .refused, first, state: movedAny ? Self.partly : "nothing was changed")
    }

    private func planned(_ survey: Survey, movedAny: Bool) async throws(ChangeError) -> (ChangePlan, Board) {
        let (plan, board): (ChangePlan, Board)
        do throws(PlanRefusal) {
            (plan, board) = try await surveyor.plan(goal, survey, survey.board { shard($0, survey) })
        } catch {
            throw ChangeError(
                movedAny ? .failed : .refused, error.description, state: movedAny ? Self.partly : "nothing was changed")
        }
        let model = plan.model(on: board)
        // Once something has moved, what is left of a plan is another one.
        if let seen, !movedAny, !model.doesTheSame(as: seen, isDealtByKeys: goal.isDealtByKeys) {
            throw ChangeError(.refused, Plan.outdatedWords, state: "nothing was changed")
        }
        book.update { change in
            change.name = plan.name
            change.fromShardCount = change.fromShardCount ?? plan.fromShardCount
            change.toShardCount = plan.toShardCount
            if !(plan.before + plan.after).isEmpty, !change.stages.contains(where: { $0.name == "members" }) {
                change.stages.insert(Self.members, at: plan.after.isEmpty ? 2 : change.stages.count - 1)
            }
        }
        book.plan(model.pairs.map { $0.undone }, unit: model.unit)
        return (plan, board)
    }

    private func perform(_ tasks: [ChangePlan.Task], _ plan: ChangePlan) async throws(ChangeError) {
        guard !tasks.isEmpty else { return }
        book.begin("members")
        let members = MemberTasks(surveyor: surveyor, runner: runner)
        for task in tasks {
            try heed()
            try await members.perform(task, replicaOf: plan.replicaOf)
        }
    }

    private func migrate(_ plan: ChangePlan, _ board: Board, _ survey: Survey) async throws(ChangeError)
        -> Mover.Outcome
    {
        // One that was freed for it is no primary on the board.
        let survey = plan.before.isEmpty ? survey : try await self.survey()
        let moves = plan.moves.compactMap { survey.peerMove($0) }
        guard moves.count == plan.moves.count else { throw ChangeError(.refused, "the address of a node is not known") }
        let way: MoveWay = if let way = self.way { way } else { await surveyor.way(of: moves, survey) }
        try await tryOut(moves, way)
        book.begin("migrate")
        let waitsForReplicas = survey.answers.values.contains {
            $0.info?.engine == .valkey && $0.info?.replication?.replicas.isEmpty == false
        }
        book.update { change in
            change.safety = "every slot is with the one or the other; abort leaves what has moved where it is"
            change.safetyShort = "abort is safe"
            change.stages[change.stage].words = "Slots change hands, with all their keys, \(way.words)."
        }
        let mover = Mover(
            runner: runner, moves: moves, way: way, keys: board.slotKeys,
            bare: Set(moves.map(\.to.id)).filter { survey.topology.nodes[$0]?.slots.isEmpty != false },
            terms: .fitting(
                nodeTimeoutMilliseconds: survey.nodeTimeoutMilliseconds, waitsForReplicas: waitsForReplicas,
                login: login),
            watch: watch(plan, board, survey))
        return await mover.run()
    }

    /// Commands that the user may not use are found before anything is begun.
    private func tryOut(_ moves: [PeerMove], _ way: MoveWay) async throws(ChangeError) {
        let trials = Safety.trials(moves, way)
        for (trial, answer) in zip(trials, await runner.ask(trials, lane: 0)) {
            switch answer {
            case .failure(let error): throw ChangeError(.refused, "\(error)")
            case .success(let replies):
                guard let index = replies.firstIndex(where: { $0.error?.code == "NOPERM" }) else { continue }
                throw ChangeError(
                    .refused,
                    "\(trial.server): this user may not use what moves slots: \(replies[index].error?.message ?? "")")
            }
        }
    }

    private func watch(_ plan: ChangePlan, _ board: Board, _ survey: Survey) -> @Sendable ([Mover.Progress]) -> Void {
        let model = plan.model(on: board)
        let (pairs, isByKeys) = (model.pairs.map(\.undone), model.unit == "key")
        // By the names of the plan: a node that was freed for it is called otherwise once it is a primary.
        let named = board.freeing(plan.before)
        let shards = plan.moves.map { move in (from: named.side(move.from)?.shard, to: named.side(move.to)?.shard) }
        let book = book
        return { progress in
            var pairs = pairs
            for (move, done) in zip(shards, progress) {
                guard let place = pairs.firstIndex(where: { $0.from == move.from && $0.to == move.to }) else {
                    continue
                }
                pairs[place].done = min(pairs[place].planned, isByKeys ? done.keys + done.keysUnderWay : done.slots)
                if let bytes = done.bytes { pairs[place].bytes = bytes }
            }
            book.moved(pairs)
        }
    }

    private static let partly = "what was moved stays where it is, and nothing is open"
}

extension ChangeRun {
    /// After moves that did not come to their end: looks at what is open and mends it, and says whether to go on.
    private func mend(
        _ outcome: Mover.Outcome, _ plan: ChangePlan, _ survey: Survey, _ knowledge: Repairer.Knowledge, isLast: Bool
    ) async throws(ChangeError) {
        let moved = outcome.done.reduce(0) { $0 + $1.count }
        let trouble = outcome.troubles.first
        let move = outcome.troubles.lazy.compactMap { trouble -> PeerMove? in
            guard case .stuck(let slot, _) = trouble else { return nil }
            return plan.moves.first { $0.slots.contains(slot) }.flatMap { survey.peerMove($0) }
        }.first
        let reason = trouble?.words(move) ?? "it was ended"
        book.waits(for: "what is open is mended: \(reason)")
        let left = await mendOpen(knowledge, survey)
        book.waits(for: nil)
        let state =
            left.first.map { "\(moved) of \(plan.slotCount) slots were moved; \($0)" }
            ?? "\(moved) of \(plan.slotCount) slots were moved and stay, nothing is open"
        if runner.signal.isRaised { throw ChangeError(.aborted, "it was ended", state: state) }
        guard left.isEmpty, !isLast, outcome.troubles.allSatisfy(\.mayPass) else {
            throw ChangeError(.failed, reason, state: state)
        }
    }

    /// - Returns: what is left open, and why.
    private func mendOpen(_ knowledge: Repairer.Knowledge, _ survey: Survey) async -> [String] {
        let quiet = ProcedureRunner(calls: runner.calls, pacer: Pacer(), signal: AbortSignal())
        var repairer = Repairer(surveyor: surveyor, runner: quiet, login: login)
        repairer.settlesReplicas = false
        repairer.knowledge = knowledge
        let book = book
        let outcome = await repairer.repair(way: .finish, patience: Self.patience(survey)) { words in
            book.waits(for: words)
        }
        return outcome.left
    }

    private func finish(
        _ expected: [NodeID: SlotSet], _ before: Verifier.Before?, _ takers: Set<NodeID>
    ) async throws(ChangeError) {
        book.begin("verify")
        book.update { $0.isAbortable = false }
        // A primary that gave its last slot away may have become a replica, which is as it should be.
        let outcome = await verifier.verify(expected: expected, before: before, takers: takers, patience: .seconds(12))
        book.update { $0.findings = outcome.findings }
        guard outcome.isClean else {
            throw ChangeError(.failed, outcome.faults.joined(separator: "; "), state: "all moves were made")
        }
        let left = await settleReplicas()
        book.update { change in change.findings = outcome.findings + left.map { .init($0, .missing) } }
    }

    /// A node that died in the middle and has come back as a replica may have missed what became of its slots.
    ///
    /// - Returns: what is left of that, and why.
    private func settleReplicas() async -> [String] {
        let quiet = ProcedureRunner(calls: runner.calls, pacer: Pacer(), signal: AbortSignal())
        let repairer = Repairer(surveyor: surveyor, runner: quiet, login: login)
        guard let survey = try? await surveyor.survey(), !survey.topology.leftOpen.isEmpty else { return [] }
        let book = book
        return await repairer.repair(way: .finish, patience: .seconds(10)) { book.waits(for: $0) }.left
    }

    private func repair(_ way: Goal.Repair) async throws(ChangeError) {
        book.begin("check")
        let survey = try await survey()
        book.begin("repair")
        try await endJobs(way, survey)
        let repairer = Repairer(surveyor: surveyor, runner: runner, login: login)
        let book = book
        let outcome = await repairer.repair(way: way, patience: .seconds(2)) { words in book.waits(for: words) }
        book.waits(for: nil)
        guard outcome.isClean else {
            throw ChangeError(
                .failed, outcome.left.joined(separator: "; "), state: "\(outcome.done.count) steps were done")
        }
        try await finish([:], nil, [])
    }

    /// Jobs of whoever was ended go on by themselves: they are waited for, or ended.
    private func endJobs(_ way: Goal.Repair, _ first: Survey) async throws(ChangeError) {
        var survey = first
        while let job = survey.runningJobs.first {
            try heed()
            book.waits(for: "\(job.slots.words) on their way to \(survey.topology.name(of: job.target))")
            if way == .putBack {
                for (id, answer) in survey.answers where answer.jobs?.contains(where: { $0.state == .running }) == true
                {
                    guard let peer = survey.peer(id) else { continue }
                    let dialect: JobDialect = answer.features[.migration].isPresent ? .redis : .valkey
                    _ = await runner.ask([Request(dialect.cancel, to: peer.address)], lane: 0)
                }
            }
            guard (try? await Task.sleep(for: .milliseconds(300))) != nil else { return try heed() }
            survey = try await self.survey()
        }
        book.waits(for: nil)
    }
}

extension Change.Pair {
    /// Before anything of it is moved.
    fileprivate var undone: Change.Pair {
        var pair = self
        pair.done = 0
        return pair
    }
}
