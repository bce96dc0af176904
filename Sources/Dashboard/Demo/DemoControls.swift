import ClusterModel

/// The controls of a cluster of this program's own, for a presentation: faults, one more node, client traffic.
///
/// Errors are in words for the user.
public protocol DemoControls: Sendable {
    /// `kill -9`.
    func kill(_ node: MemberID) async throws
    /// Starts a node that ended.
    func restart(_ node: MemberID) async throws
    /// Stops a node without ending it, or lets it go on.
    func pause(_ node: MemberID, isPaused: Bool) async throws
    /// Cuts a node off from its peers while it serves its clients, or connects it again.
    func isolate(_ node: MemberID, isIsolated: Bool) async throws
    /// Starts one more node and returns its address.
    func startNode() async throws -> MemberID
    /// Turns client traffic on or off.
    func setTraffic(_ isOn: Bool) async
    /// Reads back the loaded keys, or a sample if they are many; returns nil if not all were loaded.
    func readBack() async -> KeyCheck?
    func state() async -> DemoState
}

/// The result of reading keys back through the nodes.
public struct KeyCheck: Codable, Equatable, Sendable {
    /// The keys that were asked for, out of ``total``.
    public var asked: Int
    public var total: Int
    public var missing: Int
    public var wrong: Int
    /// The keys for which no node answered.
    public var failed: Int
    /// The problem of the first key that was not as it should be.
    public var problem: String?
    /// The way in which the keys were read: "each through another node".
    public var way: String?

    public init(
        asked: Int, total: Int, missing: Int = 0, wrong: Int = 0, failed: Int = 0, problem: String? = nil,
        way: String? = nil
    ) {
        self.asked = asked
        self.total = total
        self.missing = missing
        self.wrong = wrong
        self.failed = failed
        self.problem = problem
        self.way = way
    }

    public var isClean: Bool { missing == 0 && wrong == 0 && failed == 0 }
}

/// The state of a demo that the nodes themselves cannot tell.
public struct DemoState: Codable, Equatable, Sendable {
    /// Nodes that were stopped on purpose.
    public var paused: Set<MemberID> = []
    /// Nodes that were cut off from their peers on purpose.
    public var isolated: Set<MemberID> = []
    /// Nil while no client traffic runs.
    public var traffic: ClientTraffic?
    /// Nil once all keys are loaded.
    public var loading: Loading?
    /// Nil once all nodes serve.
    public var starting: Starting?
    /// How many of the keys that are asked for after a reshard have been read; nil while none are.
    public var reading: Stage.Work?

    /// How many of the nodes that are being started serve.
    public struct Starting: Codable, Equatable, Sendable {
        public var serving: Int
        public var total: Int

        public init(serving: Int, total: Int) {
            self.serving = serving
            self.total = total
        }
    }

    /// How many of the keys that are being loaded are put.
    public struct Loading: Codable, Equatable, Sendable {
        public var done: Int
        public var total: Int
        /// The reason why loading ended early.
        public var problem: String?

        public init(done: Int, total: Int, problem: String? = nil) {
            self.done = done
            self.total = total
            self.problem = problem
        }
    }

    public init(
        paused: Set<MemberID> = [], isolated: Set<MemberID> = [], traffic: ClientTraffic? = nil,
        loading: Loading? = nil, starting: Starting? = nil, reading: Stage.Work? = nil
    ) {
        self.paused = paused
        self.isolated = isolated
        self.traffic = traffic
        self.loading = loading
        self.starting = starting
        self.reading = reading
    }
}
