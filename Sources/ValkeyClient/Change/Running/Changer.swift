import ClusterModel
import HostSystem

/// Changes a cluster: plans, performs one change at a time, and tells how far it is.
public actor Changer {
    /// The knowledge of a cluster that a change begins with: addresses, and the names of its shards.
    struct Ground: Sendable {
        let calls: any ServerCalls
        /// Addresses of its nodes, the likeliest to answer first.
        let seeds: [ServerAddress]
        /// The name of a primary's shard.
        let shard: @Sendable (NodeID, Topology) -> ShardID

        var surveyor: Surveyor { Surveyor(calls: calls, seeds: seeds) }
    }

    let calls: any ServerCalls
    private let login: ServerLogin
    private let pacer = Pacer()
    private var book: ChangeBook?
    private var signal: AbortSignal?
    private var count = 0

    /// - Parameter login: who the servers are to take each other for, where they send keys themselves.
    public init(calls: any ServerCalls, login: ServerLogin) {
        self.calls = calls
        self.login = login
    }

    /// The running change, or the last one; nil if there was none.
    public var change: Change? { book?.change }

    public var isRunning: Bool { signal != nil }

    /// The plan for reaching the goal from the present state; changes nothing.
    ///
    /// - Throws: ``ChangeError``.
    func plan(_ goal: Goal, on ground: Ground) async throws(ChangeError) -> Plan {
        let survey: Survey
        do throws(ServerError) { survey = try await ground.surveyor.survey() } catch {
            throw ChangeError(.refused, "\(error)")
        }
        if case .repair(let way) = goal { return await repairPlan(way, survey, ground) }
        let board = survey.board { ground.shard($0, survey.topology) }
        do throws(PlanRefusal) {
            let (found, counted) = try await ground.surveyor.plan(goal, survey, board)
            var plan = found.model(on: counted)
            plan.warnings = Safety.hindrances(survey) + plan.warnings
            let moves = found.moves.compactMap { survey.peerMove($0) }
            if !moves.isEmpty, await ground.surveyor.way(of: moves, survey) == .classic {
                plan.unpromised.append(
                    "keys go one by one: those that a node gets and dies before its replica has them are lost with it")
            }
            return plan
        } catch { throw ChangeError(.refused, error.description) }
    }

    private func repairPlan(_ way: Goal.Repair, _ survey: Survey, _ ground: Ground) async -> Plan {
        let runner = ProcedureRunner(calls: ground.calls, pacer: Pacer(), signal: AbortSignal())
        let found = await Repairer(surveyor: ground.surveyor, runner: runner, login: login).plan(survey, way: way)
        var plan = Plan(name: way == .finish ? "finish open slots" : "put open slots back", unit: "slot")
        plan.steps = found.steps(survey.topology)
        for job in survey.runningJobs {
            let target = survey.topology.name(of: job.target)
            plan.steps.insert(
                way == .finish
                    ? "\(job.slots.words), on their way to \(target), are waited for"
                    : "the migration of \(job.slots.words) to \(target) is ended",
                at: 0)
        }
        plan.warnings = found.blocked + found.warnings
        return plan
    }

    /// Returns when the goal is reached and everything was looked at. Where the caller is cancelled, the change is
    /// ended, and a half-done move is brought to its end before this returns.
    ///
    /// - Parameters:
    ///   - way: nil for the best that the servers can.
    ///   - plan: what somebody agreed to; nothing else is done.
    /// - Throws: ``ChangeError``.
    func perform(
        _ goal: Goal, on ground: Ground, way: MoveWay? = nil, seen plan: Plan? = nil
    ) async throws(ChangeError) {
        guard self.signal == nil else { throw ChangeError(.refused, "another change is running") }
        let signal = AbortSignal()
        self.signal = signal
        defer { self.signal = nil }
        count += 1
        let book = ChangeBook(
            id: "\(SteadyClock.shared.nowMilliseconds)-\(count)", name: goal.words, stages: ChangeRun.stages(goal))
        self.book = book
        let runner = ProcedureRunner(calls: ground.calls, pacer: pacer, signal: signal)
        let run = ChangeRun(
            goal: goal, surveyor: ground.surveyor, runner: runner, login: login, book: book,
            shard: { ground.shard($0, $1.topology) }, way: way, seen: plan)
        let result = await Self.finish(run, signal)
        switch result {
        case .success: book.end(.done)
        case .failure(let error):
            book.end(error.kind == .aborted ? .aborted : .failed, reason: error.reason, state: error.state)
            throw error
        }
    }

    private static func finish(_ run: ChangeRun, _ signal: AbortSignal) async -> Result<Void, ChangeError> {
        // On its own, so that a caller who is cancelled cuts off no question half-way.
        let task = Task.detached { () -> Result<Void, ChangeError> in
            do throws(ChangeError) {
                try await run.run()
                return .success(())
            } catch { return .failure(error) }
        }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            signal.raise()
        }
    }

    /// Ends the running change. Slots that have moved stay where they are; those that are half-done are brought to
    /// their end, or put back. Returns at once; ``perform(_:on:way:seen:)`` throws when it is over.
    public func abort() throws(ChangeError) {
        guard let signal else { throw ChangeError(.refused, "no change is running") }
        signal.raise()
    }

    /// Limits the running change and those to come; nil for no limit.
    public func setPace(keysPerSecond: Int?) async {
        await pacer.set(keysPerSecond: keysPerSecond.map { max(1, $0) })
        book?.update { $0.paceMax = keysPerSecond }
    }
}
