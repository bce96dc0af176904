import ShardCore

/// Counts how often each fault fell into each phase of a change.
public struct Coverage: Sendable {
    /// The counts by phase (`idle` if no change was under way), then by fault.
    public private(set) var counts: [String: [String: Int]] = [:]
    /// The number of changes that reached each end.
    public private(set) var outcomes: [String: Int] = [:]

    mutating func note(_ fault: String, in phase: ReshardProgress.Phase?) {
        counts[phase?.rawValue ?? "idle", default: [:]][fault, default: 0] += 1
    }

    mutating func note(outcome: String) { outcomes[outcome, default: 0] += 1 }

    /// Adds the coverage of another run.
    public mutating func merge(_ other: Coverage) {
        for (phase, faults) in other.counts {
            for (fault, count) in faults { counts[phase, default: [:]][fault, default: 0] += count }
        }
        for (outcome, count) in other.outcomes { outcomes[outcome, default: 0] += count }
    }
}

/// The outcome of one run.
public struct RunReport: Sendable {
    public let scenario: Scenario
    /// Empty if all properties held. Failures of safety come first, in the order in which they occurred.
    public let failures: [Failure]
    /// The same for equal runs.
    public let traceHash: UInt64
    public let coverage: Coverage
    /// The number of requests that were answered, refusals included.
    public let answers: Int
    /// The number of refusals by reason.
    public let refusals: [String: Int]
    /// The number of epochs seen.
    public let epochs: UInt64
    /// The last lines of the trace, each with its time in front; all lines if a trace was asked for.
    public let trace: [String]
}
