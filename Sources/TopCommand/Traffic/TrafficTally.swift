import Dashboard

/// The figures of the clients of the traffic, over the last second and in all.
struct TrafficTally {
    typealias Instant = ContinuousClock.Instant

    private static let windowMicroseconds: UInt64 = 1_000_000
    /// A request counts as waiting if it is older than this, and than this many times the median latency.
    private static let waitMicrosecondsMin: UInt64 = 100_000
    private static let waitFactor: UInt64 = 8
    /// The most requests under way that do not wait: more would only queue up on a slow machine.
    private static let activeMax = 24
    /// If nobody asks for the figures, older requests are forgotten once this many have come together.
    private static let recentMax = 8_192

    private var served: [(at: Instant, microseconds: UInt64)] = []
    private var heldBack: [Instant] = []
    /// The time when each client began the request that it has under way.
    private var began: [Instant?]
    private var operations = 0
    private var errors = 0
    private var problem: String?
    /// The age from which on a request counts as waiting.
    private var waitMicroseconds = waitMicrosecondsMin
    private let offeredPerSecond: Int

    init(clients: Int, offeredPerSecond: Int) {
        began = Array(repeating: nil, count: clients)
        self.offeredPerSecond = offeredPerSecond
    }

    /// False if as many requests are under way as may be, not counting those that wait.
    func mayBegin(now: Instant) -> Bool {
        let latest = now - .microseconds(waitMicroseconds)
        return began.count { $0.map { $0 > latest } ?? false } < Self.activeMax
    }

    /// Learns from the last second's answers which requests wait.
    mutating func learn(now: Instant) {
        forget(now)
        let latencies = served.map(\.microseconds).sorted()
        guard !latencies.isEmpty else { return }
        waitMicroseconds = max(Self.waitMicrosecondsMin, latencies[latencies.count / 2] * Self.waitFactor)
    }

    mutating func begin(_ client: Int, now: Instant) { began[client] = now }

    /// - Parameter problem: the reason why it failed, or the fault of the answer.
    mutating func end(_ client: Int, problem: String?, now: Instant) {
        guard let start = began[client] else { return }
        began[client] = nil
        operations += 1
        if let problem {
            errors += 1
            self.problem = problem
        } else {
            served.append((now, now.microseconds(since: start)))
            if served.count > Self.recentMax { forget(now) }
        }
    }

    /// Forgets a request that was given up because the traffic ends.
    mutating func drop(_ client: Int) { began[client] = nil }

    /// Counts a request that was due, and not made, as too many are under way.
    mutating func holdBack(now: Instant) {
        heldBack.append(now)
        if heldBack.count > Self.recentMax { forget(now) }
    }

    private mutating func forget(_ now: Instant) {
        served.removeAll { now.microseconds(since: $0.at) > Self.windowMicroseconds }
        heldBack.removeAll { now.microseconds(since: $0) > Self.windowMicroseconds }
    }

    /// The figures now. Requests that still wait count in the latencies with the time that they have waited so far: a
    /// store that answers nobody must not look quick.
    mutating func figures(now: Instant) -> ClientTraffic {
        learn(now: now)
        let ages = began.compactMap { $0.map(now.microseconds(since:)) }.filter { $0 >= waitMicroseconds }
        let latencies = (served.map(\.microseconds) + ages).sorted()
        func percentile(_ share: Int) -> UInt64? {
            latencies.isEmpty ? nil : latencies[min(latencies.count - 1, latencies.count * share / 100)]
        }
        return ClientTraffic(
            operationsPerSecond: Double(served.count), latencyMicrosecondsP50: percentile(50),
            latencyMicrosecondsP99: percentile(99), latencyMicrosecondsMax: latencies.last, errors: errors,
            operations: operations, problem: problem, waiting: ages.count, waitingMicrosecondsMax: ages.max(),
            offeredPerSecond: offeredPerSecond, heldBackPerSecond: heldBack.count)
    }
}
