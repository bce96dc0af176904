import ShardCore

/// What can be done to a cluster of one's own, for a presentation: faults, one node more, client traffic.
///
/// Errors are in words for the user.
public protocol DemoControls: Sendable {
    /// `kill -9`.
    func kill(_ node: NodeAddress) async throws
    /// Starts a node that ended.
    func restart(_ node: NodeAddress) async throws
    /// Stops a node without ending it, or lets it go on.
    func pause(_ node: NodeAddress, isPaused: Bool) async throws
    /// Starts one node more and returns its address.
    func startNode() async throws -> NodeAddress
    /// Turns client traffic on or off.
    func setTraffic(_ isOn: Bool) async
    func state() async -> DemoState
}

/// What of a demo the nodes cannot tell themselves.
public struct DemoState: Equatable, Sendable {
    /// Nodes that were stopped on purpose.
    public var paused: Set<NodeAddress> = []
    /// Nil while no client traffic runs.
    public var traffic: ClientTraffic?
    /// Nil once all keys are loaded.
    public var loading: Loading?

    /// Keys being put.
    public struct Loading: Equatable, Sendable {
        public var done: Int
        public var total: Int
        /// Why it ended before its end.
        public var problem: String?

        public init(done: Int, total: Int, problem: String? = nil) {
            self.done = done
            self.total = total
            self.problem = problem
        }
    }

    public init(paused: Set<NodeAddress> = [], traffic: ClientTraffic? = nil, loading: Loading? = nil) {
        self.paused = paused
        self.traffic = traffic
        self.loading = loading
    }
}

/// Client traffic as the clients saw it over the last second, tries again included in the latency.
public struct ClientTraffic: Equatable, Sendable {
    public var operationsPerSecond: Double
    /// Nil where nothing was answered.
    public var latencyMicrosecondsP50: UInt64?
    public var latencyMicrosecondsP99: UInt64?
    public var latencyMicrosecondsMax: UInt64?
    /// Requests that failed in the end, and answers that were not what had been written, since it was turned on.
    public var errors: Int
    public var operations: Int

    public init(
        operationsPerSecond: Double, latencyMicrosecondsP50: UInt64? = nil, latencyMicrosecondsP99: UInt64? = nil,
        latencyMicrosecondsMax: UInt64? = nil, errors: Int = 0, operations: Int = 0
    ) {
        self.operationsPerSecond = operationsPerSecond
        self.latencyMicrosecondsP50 = latencyMicrosecondsP50
        self.latencyMicrosecondsP99 = latencyMicrosecondsP99
        self.latencyMicrosecondsMax = latencyMicrosecondsMax
        self.errors = errors
        self.operations = operations
    }
}
