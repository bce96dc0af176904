/// Client traffic as the clients saw it over the last second.
///
/// Latencies run from a request's beginning to its end, retries at other nodes included. Requests that still wait count
/// with the time that they have waited so far.
public struct ClientTraffic: Codable, Equatable, Sendable {
    /// Requests that were served.
    public var operationsPerSecond: Double
    /// Nil if nothing was answered and nothing waits.
    public var latencyMicrosecondsP50: UInt64?
    public var latencyMicrosecondsP99: UInt64?
    public var latencyMicrosecondsMax: UInt64?
    /// Requests that failed in the end, and answers that differ from what was written, since traffic was turned on.
    public var errors: Int
    public var operations: Int
    /// The last error, in words; nil if there was none.
    public var problem: String?
    /// Clients whose request takes much longer than most. Nil, like the next properties, in earlier recordings.
    public var waiting: Int?
    /// The longest of those waits; nil if no client waits.
    public var waitingMicrosecondsMax: UInt64?
    /// Requests that are due in a second.
    public var offeredPerSecond: Int?
    /// Requests of the last second that were not sent, as too many were under way.
    public var heldBackPerSecond: Int?

    public init(
        operationsPerSecond: Double, latencyMicrosecondsP50: UInt64? = nil, latencyMicrosecondsP99: UInt64? = nil,
        latencyMicrosecondsMax: UInt64? = nil, errors: Int = 0, operations: Int = 0, problem: String? = nil,
        waiting: Int? = nil, waitingMicrosecondsMax: UInt64? = nil, offeredPerSecond: Int? = nil,
        heldBackPerSecond: Int? = nil
    ) {
        self.operationsPerSecond = operationsPerSecond
        self.latencyMicrosecondsP50 = latencyMicrosecondsP50
        self.latencyMicrosecondsP99 = latencyMicrosecondsP99
        self.latencyMicrosecondsMax = latencyMicrosecondsMax
        self.errors = errors
        self.operations = operations
        self.problem = problem
        self.waiting = waiting
        self.waitingMicrosecondsMax = waitingMicrosecondsMax
        self.offeredPerSecond = offeredPerSecond
        self.heldBackPerSecond = heldBackPerSecond
    }
}
