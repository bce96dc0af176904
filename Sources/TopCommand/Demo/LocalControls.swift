import ClusterModel
import Dashboard

/// The controls of a demo's cluster for the dashboard.
struct LocalControls: DemoControls {
    /// The number of keys, about, that are read back after a reshard, spread over all.
    private static let keysReadMax = 10_000

    let cluster: any DemoCluster
    let keys: DemoKeys
    let traffic: any DemoTraffic
    private let loading = Locked<DemoState.Loading?>(nil)
    private let starting: Locked<DemoState.Starting?>
    private let reading = Locked<Stage.Work?>(nil)

    init(cluster: any DemoCluster, keys: DemoKeys, traffic: any DemoTraffic) {
        self.cluster = cluster
        self.keys = keys
        self.traffic = traffic
        starting = Locked(.init(serving: 0, total: cluster.members.count))
    }

    /// Waits for the cluster and loads the keys beside the dashboard, which shows how far it is.
    func prepare() async throws {
        let (starting, loading, total) = (starting, loading, cluster.members.count)
        try await cluster.awaitServing { serving in
            starting.withLock { $0 = .init(serving: serving, total: total) }
        }
        // A user who sees the nodes serve must see at once that keys are being loaded.
        if keys.count > 0 { loading.withLock { $0 = .init(done: 0, total: keys.count) } }
        starting.withLock { $0 = nil }
        guard keys.count > 0 else { return }
        let result = await keys.load { progress in loading.withLock { $0?.done = progress.keys } }
        loading.withLock { $0 = result.problem.map { .init(done: result.keys, total: keys.count, problem: $0) } }
    }

    func kill(_ node: MemberID) async throws { try await cluster.kill(node) }
    func restart(_ node: MemberID) async throws { try await cluster.restart(node) }

    func pause(_ node: MemberID, isPaused: Bool) async throws {
        try await cluster.pause(node, isPaused: isPaused)
    }

    func isolate(_ node: MemberID, isIsolated: Bool) async throws {
        try await cluster.isolate(node, isIsolated: isIsolated)
    }

    func startNode() async throws -> MemberID { try await cluster.startNode() }

    /// Switches the traffic, once the keys are loaded: the loader overwrites what the clients wrote, and they would
    /// take that for a mistake of the store's.
    func setTraffic(_ isOn: Bool) async {
        while isOn, isLoading, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
        if isOn, !Task.isCancelled { traffic.start() } else { traffic.stop() }
    }

    private var isLoading: Bool {
        starting.withLock { $0 != nil } || loading.withLock { $0.map { $0.problem == nil } ?? false }
    }

    func readBack() async -> KeyCheck? {
        guard keys.count > 0, loading.withLock({ $0 }) == nil else { return nil }
        let step = max(1, keys.count / Self.keysReadMax)
        let reading = reading
        reading.withLock { $0 = .init(done: 0, total: (keys.count + step - 1) / step, unit: "key") }
        defer { reading.withLock { $0 = nil } }
        let result = await keys.readBack(step: step, overwritten: traffic.keysWritten, concurrency: 16) {
            reading.withLock { $0?.done += 1 }
        }
        return KeyCheck(
            asked: result.read + result.failed, total: keys.count, missing: result.missing, wrong: result.wrong,
            failed: result.failed, problem: result.problem, way: cluster.readsBack)
    }

    func state() -> DemoState {
        DemoState(
            paused: cluster.paused, isolated: cluster.isolated, traffic: traffic.figures(),
            loading: loading.withLock { $0 }, starting: starting.withLock { $0 }, reading: reading.withLock { $0 })
    }
}
