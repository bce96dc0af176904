import ShardCore

/// Counts how often each fault fell into each phase of a change.
public struct Coverage: Sendable {
    /// By phase (`idle` where no change was under way), then by fault.
    public private(set) var counts: [String: [String: Int]] = [:]
    /// Changes that reached each end.
    public private(set) var outcomes: [String: Int] = [:]

    mutating func note(_ fault: String, in phase: ReshardProgress.Phase?) {
        counts[phase?.rawValue ?? "idle", default: [:]][fault, default: 0] += 1
    }

    mutating func note(outcome: String) { outcomes[outcome, default: 0] += 1 }

    /// Adds what another run covered.
    public mutating func merge(_ other: Coverage) {
        for (phase, faults) in other.counts {
            for (fault, count) in faults { counts[phase, default: [:]][fault, default: 0] += count }
        }
        for (outcome, count) in other.outcomes { outcomes[outcome, default: 0] += count }
    }
}

/// What came of one run.
public struct RunReport: Sendable {
    public let scenario: Scenario
    /// Empty where all held. Safety first, in the order in which it broke.
    public let failures: [Failure]
    /// Equal for equal runs.
    public let traceHash: UInt64
    public let coverage: Coverage
    /// Requests that were answered, refusals included.
    public let answers: Int
    /// By reason.
    public let refusals: [String: Int]
    /// Epochs seen.
    public let epochs: UInt64
    /// The last lines of what happened, with the time in front; all of them where a trace was asked for.
    public let trace: [String]
}
