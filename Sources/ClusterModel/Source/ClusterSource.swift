/// A presenter's word to a change that goes on in steps.
public enum StepOrder: String, Codable, Sendable {
    /// Wait before each phase and batch from now on.
    case on
    /// One more.
    case next
    /// Go on without steps.
    case off
}

/// Something that can be watched and controlled like a cluster, whatever its engine.
///
/// Every call but ``perform(_:seen:)`` ends within a few seconds. Errors have words that a person can act on.
public protocol ClusterSource: Sendable {
    /// As far as known; may grow richer after the first snapshot.
    var features: Features { get async }
    /// Asks all nodes side by side; one that is dead or slow delays the others by nothing, and is there with what it
    /// said last.
    func snapshot() async -> Cluster
    /// Why nothing of the cluster can be asked for now; nil if it can.
    var outage: (any Error)? { get async }
    /// Events that were not returned before, oldest first, merged from all nodes.
    func events() async -> [Event]
    /// The plan for reaching the goal from the present state; changes nothing.
    func plan(_ goal: Goal) async throws -> Plan
    /// Returns when the goal is reached, and throws where it is not. Ends only with the change: no time-out. Its progress
    /// is in the snapshots.
    ///
    /// - Parameter plan: what somebody was shown and agreed to. Where the cluster has changed since, so that something
    ///   else would be done, nothing is: it throws. Nil if nobody was shown any.
    func perform(_ goal: Goal, seen plan: Plan?) async throws
    /// Ends the running change; all is as before, or as far as it had come, and nothing is left half-done.
    func abort() async throws
    /// Limits the running change and those to come; nil for no limit.
    func setPace(keysPerSecond: Int?) async throws
    func step(_ order: StepOrder) async throws
    func locate(key: String) async throws -> KeyPlace
    /// Bytes exchanged with the nodes so far; nil if nobody counts.
    var bytesExchanged: UInt64? { get async }
}

extension ClusterSource {
    public func perform(_ goal: Goal) async throws { try await perform(goal, seen: nil) }
    public var bytesExchanged: UInt64? { nil }
}
