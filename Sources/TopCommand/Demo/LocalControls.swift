import ClusterModel
import Dashboard
import ShardClient
import ShardCore

/// What the dashboard may do to a demo's own nodes.
struct LocalControls: DemoControls {
    /// About so many keys are read back after a reshard, spread over all.
    private static let keysReadMax = 10_000

    let cluster: LocalCluster
    let source: PollingSource
    let traffic: TrafficRun
    private let load: LoadRun
    let loading = Locked<DemoState.Loading?>(nil)
    let starting: Locked<DemoState.Starting?>

    private let isolated = Locked<Set<NodeAddress>>([])

    /// - Parameter clients: the connections of the client traffic. They are none of the dashboard's: who waits there
    ///   must not keep a poll waiting, which would make a node look silent that is not.
    init(
        cluster: LocalCluster, source: PollingSource, transport: NodeTransport, clients: NodeTransport, keys: Int
    ) {
        self.cluster = cluster
        self.source = source
        starting = Locked(.init(serving: 0, total: cluster.addresses.count))
        load = LoadRun(
            store: NodeKeyStore(client: ClusterClient(nodes: cluster.addresses, transport: transport)), count: keys,
            prefix: DemoStory.keyPrefix, concurrency: 16)
        traffic = TrafficRun(nodes: cluster.addresses, transport: clients, keys: keys)
    }

    func kill(_ node: MemberID) throws {
        let node = try Self.address(node)
        guard cluster.kill(node) else { throw Failure(.failed, "\(node) does not run; X starts it") }
        // It comes back with its links whole.
        isolated.withLock { _ = $0.remove(node) }
    }

    func restart(_ node: MemberID) throws {
        let node = try Self.address(node)
        guard cluster.start(node) else { throw Failure(.failed, "\(node) runs; x kills it") }
    }

    func pause(_ node: MemberID, isPaused: Bool) throws {
        let node = try Self.address(node)
        guard cluster.pause(node, isPaused: isPaused) else {
            throw Failure(.failed, "\(node) does not run; X starts it")
        }
    }

    func isolate(_ node: MemberID, isIsolated: Bool) async throws {
        let node = try Self.address(node)
        try await source.isolate(node, isIsolated: isIsolated)
        isolated.withLock { if isIsolated { $0.insert(node) } else { $0.remove(node) } }
    }

    func startNode() async throws -> MemberID { MemberID(try await cluster.startAnother()) }

    private static func address(_ node: MemberID) throws -> NodeAddress {
        guard let address = NodeAddress(node) else { throw Failure(.failed, "'\(node)' is none of the demo's nodes") }
        return address
    }

    /// Begins once the keys are loaded: what loads them writes over what the clients wrote, and they would take that for
    /// a mistake of the store's.
    func setTraffic(_ isOn: Bool) async {
        while isOn, isLoading, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
        if isOn, !Task.isCancelled { traffic.start() } else { traffic.stop() }
    }

    private var isLoading: Bool {
        starting.withLock { $0 != nil } || loading.withLock { $0.map { $0.problem == nil } ?? false }
    }

    func readBack() async -> KeyCheck? {
        guard load.count > 0, loading.withLock({ $0 }) == nil else { return nil }
        let step = max(1, load.count / Self.keysReadMax)
        let result = await ReadBack(load: load, step: step, overwritten: traffic.keysWritten).run()
        return KeyCheck(
            asked: result.read + result.failed, total: load.count, missing: result.missing, wrong: result.wrong,
            failed: result.failed, problem: result.problem)
    }

    func state() -> DemoState {
        DemoState(
            paused: Set(cluster.paused.map { MemberID($0) }),
            isolated: Set(isolated.withLock { $0 }.map { MemberID($0) }), traffic: traffic.figures(),
            loading: loading.withLock { $0 }, starting: starting.withLock { $0 })
    }
}
