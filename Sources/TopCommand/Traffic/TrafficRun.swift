import Dashboard

/// One client of the traffic; it makes one request at a time.
protocol RequestingClient: Sendable {
    /// The client's number, from 0 on.
    var number: Int { get }
    /// Makes one read, or now and then one write.
    ///
    /// - Returns: the fault, in words; nil if there was none. Nil inside nil: it was told to stop.
    mutating func operate() async -> String??
}

/// Client traffic for a demo: reads and writes of the loaded keys, through all nodes, for as long as it is on.
///
/// Requests are due at a steady rate, whatever became of earlier ones: a client that waits for a node that does not
/// answer holds up no other. Every client has keys of its own, remembers what it wrote to them last, and checks what it
/// reads against that.
final class TrafficRun: DemoTraffic {
    /// The most requests under way; more than can be stuck at a few nodes of a demo.
    static let clients = 128
    static let keysPerClient = 5
    private static let tickMilliseconds = 5
    private static let learnTicks = 40
    /// If the program itself was held up for longer, the requests due then are not made up for.
    private static let lateMicrosecondsMax = 250_000

    /// The number of loaded keys. The clients use the first of them, so that the number of keys stays.
    private let keys: Int
    private let requestsPerSecond: Int
    private let executor: (any TaskExecutor)?
    private let tally: Locked<TrafficTally>
    /// The clients without a request under way, the longest idle first. They keep what they know while the traffic is
    /// off.
    private let idle: Locked<[any RequestingClient]>
    private let task = Locked<Task<Void, Never>?>(nil)

    /// - Parameters:
    ///   - requestsPerSecond: the number due in all, whatever becomes of them. The default is one that an audience can
    ///     follow, and that leaves the machine rest.
    ///   - executor: the executor on which the clients run best; nil for any.
    ///   - client: makes the client with this number, whose keys begin with this prefix.
    init(
        keys: Int, requestsPerSecond: Int = 1_200, executor: (any TaskExecutor)? = nil,
        client: (_ number: Int, _ prefix: String) -> any RequestingClient
    ) {
        self.keys = keys
        self.executor = executor
        self.requestsPerSecond = requestsPerSecond
        tally = Locked(Self.newTally(requestsPerSecond))
        let prefix = Self.usesLoadedKeys(keys) ? DemoKeys.prefix : "client-key-"
        idle = Locked((0..<Self.clients).map { client($0, prefix) })
    }

    deinit { stop() }

    var isOn: Bool { task.withLock { $0 != nil } }

    func start() {
        task.withLock { task in
            guard task == nil else { return }
            tally.withLock { $0 = Self.newTally(requestsPerSecond) }
            let (idle, tally, rate) = (idle, tally, requestsPerSecond)
            task = Task(executorPreference: executor) { await Self.offer(rate, idle, tally) }
        }
    }

    func stop() {
        task.withLock { task in
            task?.cancel()
            task = nil
        }
    }

    /// The last second's figures; nil while it is off.
    func figures() -> ClientTraffic? {
        isOn ? tally.withLock { $0.figures(now: .now) } : nil
    }

    private static func newTally(_ requestsPerSecond: Int) -> TrafficTally {
        TrafficTally(clients: clients, offeredPerSecond: requestsPerSecond)
    }

    private static func usesLoadedKeys(_ keys: Int) -> Bool { keys >= clients * keysPerClient }

    /// The number of loaded keys, from the first on, that the clients have overwritten.
    var keysWritten: Int { Self.usesLoadedKeys(keys) ? Self.clients * Self.keysPerClient : 0 }

    private static func offer(
        _ requestsPerSecond: Int, _ idle: Locked<[any RequestingClient]>, _ tally: Locked<TrafficTally>
    ) async {
        await withDiscardingTaskGroup { group in
            let start = ContinuousClock.now
            let lateMax = requestsPerSecond * lateMicrosecondsMax / 1_000_000
            var offered = 0
            var tick = 0
            while !Task.isCancelled {
                let due = Int(ContinuousClock.now.microseconds(since: start)) * requestsPerSecond / 1_000_000
                offered = max(offered, due - lateMax)
                while offered < due {
                    offered += 1
                    guard let client = next(idle, tally) else { continue }
                    group.addTask { await operate(client, idle, tally) }
                }
                tick += 1
                if tick.isMultiple(of: learnTicks) { tally.withLock { $0.learn(now: .now) } }
                try? await Task.sleep(for: .milliseconds(tickMilliseconds))
            }
            group.cancelAll()
        }
    }

    /// Takes an idle client for the request that is due, and notes its beginning; nil if too many are under way.
    private static func next(
        _ idle: Locked<[any RequestingClient]>, _ tally: Locked<TrafficTally>
    ) -> (any RequestingClient)? {
        let now = ContinuousClock.now
        let client =
            tally.withLock { $0.mayBegin(now: now) }
            ? idle.withLock { $0.isEmpty ? nil : $0.removeFirst() } : nil
        tally.withLock { tally in
            if let client { tally.begin(client.number, now: now) } else { tally.holdBack(now: now) }
        }
        return client
    }

    private static func operate(
        _ client: any RequestingClient, _ idle: Locked<[any RequestingClient]>, _ tally: Locked<TrafficTally>
    ) async {
        var client = client
        if let problem = await client.operate() {
            tally.withLock { $0.end(client.number, problem: problem, now: .now) }
        } else {
            tally.withLock { $0.drop(client.number) }
        }
        idle.withLock { [client] in $0.append(client) }
    }
}
