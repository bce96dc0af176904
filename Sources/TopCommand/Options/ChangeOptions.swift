import ArgumentParser
import ClusterModel

/// How a change of a cluster is made from the command line.
struct ChangeOptions: ParsableArguments {
    @Flag(help: "Only tell what it would do.") var dryRun = false
    @Option(
        help: ArgumentHelp(
            "Valkey and Redis: move no more keys a second. Default: no limit.", valueName: "keys-per-second"))
    var rate: Int?
    @Flag(help: Confirmation.help) var yes = false
    @Flag(help: "Print the plan, or what was made at the end, as JSON.") var json = false

    func validate() throws {
        if let rate, rate < 1 { throw ValidationError("The rate is 1 or more; without --rate there is no limit.") }
    }

    /// Shows the plan, asks for confirmation if the cluster is another engine's, makes the change, and tells its stages
    /// on standard error. Ctrl-C ends it in order.
    ///
    /// - Parameters:
    ///   - done: the text to print at its end.
    ///   - result: the value to print as JSON at its end; nil for the change itself.
    func make(
        _ goal: Goal, of cluster: ClusterOptions, done: String, result: (any Encodable & Sendable)? = nil
    ) async throws {
        do {
            try await Interrupted.heeded {
                let entry = try cluster.entry()
                try await cluster.withSource(operates: true) { source in
                    if dryRun { return try await tellPlan(goal, source) }
                    var seen: Plan?
                    if !entry.isOfShardnodes, !yes {
                        let plan = try await source.plan(goal)
                        PlanText.lines(plan).forEach(Output.error)
                        if case .repair = goal, plan.steps.isEmpty, plan.warnings.isEmpty { return Output.line(done) }
                        try Confirmation.get(goal.words, of: entry, isSure: false)
                        seen = plan
                    }
                    if let rate { try await source.setPace(keysPerSecond: rate) }
                    let last = try await follow(goal, seen, source)
                    try await tellEnd(result ?? last, source, done)
                }
            }
        } catch let interrupted as Interrupted {
            throw ExitCode(interrupted.exitStatus)
        }
    }

    private func tellPlan(_ goal: Goal, _ source: any ClusterSource) async throws {
        let plan = try await source.plan(goal)
        if json { try Output.json(plan) } else { PlanText.lines(plan).forEach(Output.line) }
    }

    private func follow(_ goal: Goal, _ seen: Plan?, _ source: any ClusterSource) async throws -> Change? {
        let progress = Locked(ChangeProgress())
        defer { Output.progressEnd() }
        do {
            return try await FollowedChange.run(source, goal, seen: seen) { change in
                Output.progressEnd()
                for line in progress.withLock({ $0.lines(for: change) }) { Output.error(line) }
                if !change.isOver { Output.progress("  " + ChangeProgress.now(change)) }
            }
        } catch {
            Output.progressEnd()
            // A person who ended the change by Ctrl-C is told how far it came.
            if Task.isCancelled { Output.error("shardtop: \(error.words)") }
            throw error
        }
    }

    /// - Parameter made: nil if the cluster does not tell; then the end is told from what can be seen of it.
    private func tellEnd(
        _ made: (any Encodable & Sendable)?, _ source: any ClusterSource, _ done: String
    ) async throws {
        if json, let made {
            try Output.json(made)
        } else if json, let change = await source.snapshot().inferred {
            try Output.json(change)
        } else {
            Output.line(done)
        }
    }
}
