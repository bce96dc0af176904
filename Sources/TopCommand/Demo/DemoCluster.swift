import ClusterModel
import Dashboard

/// What a demo runs on this machine, whatever its engine.
///
/// Errors are in words for the user.
protocol DemoCluster: Sendable {
    /// Those it began with.
    var members: [MemberID] { get }
    /// Stopped without being ended.
    var paused: Set<MemberID> { get }
    /// Cut off from their peers.
    var isolated: Set<MemberID> { get }
    /// Ends when all that it began with serve; fails with what they logged where they do not.
    ///
    /// - Parameter told: is told how many serve.
    func awaitServing(_ told: @escaping @Sendable (Int) -> Void) async throws
    func kill(_ node: MemberID) async throws
    func restart(_ node: MemberID) async throws
    func pause(_ node: MemberID, isPaused: Bool) async throws
    func isolate(_ node: MemberID, isIsolated: Bool) async throws
    func startNode() async throws -> MemberID
    /// How keys are read back: "each through another node".
    var readsBack: String { get }
    /// In what all nodes agree where all is well: "all nodes in epoch 3".
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

    /// Puts them all.
    ///
    /// - Parameter told: called some times a second, from the first on.
    func load(_ told: @escaping @Sendable (LoadProgress) -> Void) async -> LoadRun.Result {
        await run(concurrency: 64).run(progress: told)
    }

    /// Reads every so manieth of them.
    ///
    /// - Parameter overwritten: the keys before this one were written to by others, who check the values themselves.
    func readBack(step: Int, overwritten: Int, concurrency: Int) async -> ReadBack.Result {
        await ReadBack(load: run(concurrency: concurrency), step: step, overwritten: overwritten).run()
    }
}

/// Clients of a demo's cluster, which read and write its keys.
protocol DemoTraffic: Sendable {
    /// So many of the loaded keys, the first ones, hold what the clients wrote.
    var keysWritten: Int { get }
    func start()
    func stop()
    /// The last second's figures; nil while it is off.
    func figures() -> ClientTraffic?
}
