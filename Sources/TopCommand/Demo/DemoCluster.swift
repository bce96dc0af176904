import ClusterModel
import Dashboard

/// The cluster that a demo runs on this machine, whatever its engine.
///
/// Its errors are in words for the user.
protocol DemoCluster: Sendable {
    /// The nodes or servers that it began with.
    var members: [MemberID] { get }
    /// Those that are stopped without being ended.
    var paused: Set<MemberID> { get }
    /// Those that are cut off from their peers.
    var isolated: Set<MemberID> { get }
    /// Returns once all that it began with serve; if they do not, fails with what they logged.
    ///
    /// - Parameter told: called with the number that serve.
    func awaitServing(_ told: @escaping @Sendable (Int) -> Void) async throws
    func kill(_ node: MemberID) async throws
    func restart(_ node: MemberID) async throws
    func pause(_ node: MemberID, isPaused: Bool) async throws
    func isolate(_ node: MemberID, isIsolated: Bool) async throws
    func startNode() async throws -> MemberID
    /// The way in which keys are read back: "each through another node".
    var readsBack: String { get }
    /// The words for what all nodes agree on if all is well: "all nodes in epoch 3".
    func agreement(_ summary: ClusterSummary) -> String
}

/// The keys that a demo puts into its cluster.
struct DemoKeys: Sendable {
    let store: any KeyStore
    let count: Int

    static let prefix = "key-"

    private func run(concurrency: Int) -> LoadRun {
        LoadRun(store: store, count: count, prefix: Self.prefix, concurrency: concurrency)
    }

    /// Puts all of them.
    ///
    /// - Parameter told: called several times a second, from the beginning.
    func load(_ told: @escaping @Sendable (LoadProgress) -> Void) async -> LoadRun.Result {
        await run(concurrency: 64).run(progress: told)
    }

    /// Reads one key in every `step`.
    ///
    /// - Parameter overwritten: the keys before this one were overwritten by clients that check the values themselves.
    /// - Parameter told: called after each key.
    func readBack(
        step: Int, overwritten: Int, concurrency: Int, _ told: @escaping @Sendable () -> Void = {}
    ) async -> ReadBack.Result {
        await ReadBack(load: run(concurrency: concurrency), step: step, overwritten: overwritten, told: told).run()
    }
}

/// Clients of a demo's cluster, which read and write its keys.
protocol DemoTraffic: Sendable {
    /// The number of loaded keys, from the first on, that the clients have overwritten.
    var keysWritten: Int { get }
    func start()
    func stop()
    /// The last second's figures; nil while it is off.
    func figures() -> ClientTraffic?
}
