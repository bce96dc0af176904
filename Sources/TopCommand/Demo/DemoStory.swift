import ClusterModel
import Dashboard
import HostSystem
import ShardClient
import ShardCore
import ShardWire

/// The demo without a terminal: start, load, reshard, check, in plain lines.
struct DemoStory: Sendable {
    let cluster: LocalCluster
    let source: PollingSource
    let transport: NodeTransport
    let keys: Int
    let reshardTo: Int?
    /// So long may pass without one more node that serves.
    var startSecondsMax = 20

    static let keyPrefix = "key-"
    /// Ends when every node serves; fails with the logs' place where one does not.
    /// - Parameter told: is told how many serve.
    func awaitServing(_ told: (Int) -> Void = { _ in }) async throws {
        var servingMost = 0
        var deadline = ContinuousClock.now + .seconds(startSecondsMax)
        while true {
            if let (address, ending) = cluster.ended.first {
                if ending.isPortTaken { throw PortTaken(port: address.port) }
                throw trouble("\(address) ended (\(ending.words))", address)
            }
            let snapshot = await source.snapshot()
            let serving = cluster.addresses.filter { Self.serves($0, snapshot) }
            told(serving.count)
            guard let silent = cluster.addresses.first(where: { !serving.contains($0) }) else { return }
            if serving.count > servingMost {
                servingMost = serving.count
                deadline = .now + .seconds(startSecondsMax)
            }
            if ContinuousClock.now > deadline {
                let why = Self.whyNotServing(silent, snapshot)
                let others = cluster.addresses.count - serving.count - 1
                throw trouble(
                    "\(silent)\(others > 0 ? " and \(Words.plural(others, "other node"))" : "") "
                        + "\(others > 0 ? "do" : "does") not serve, and none came to for \(startSecondsMax) s: "
                        + "\(silent): \(why)", silent)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func serves(_ address: NodeAddress, _ snapshot: ClusterSnapshot) -> Bool {
        guard let node = snapshot.nodes.first(where: { $0.address == address }), node.isReachable,
            case .full(let state) = node.answer
        else { return false }
        return state.replica.state == .serving
    }

    private static func whyNotServing(_ address: NodeAddress, _ snapshot: ClusterSnapshot) -> String {
        guard let node = snapshot.nodes.first(where: { $0.address == address }) else { return "nobody asked it" }
        if let problem = node.problem { return problem }
        guard case .full(let state) = node.answer, let answered = node.answeredMilliseconds else {
            return "it answers, but does not tell its state"
        }
        let seconds = Double(snapshot.takenMilliseconds - min(answered, snapshot.takenMilliseconds)) / 1_000
        return "its last answer, \(seconds) s ago, was that it is \(state.replica.state.words)"
    }

    private func trouble(_ words: String, _ address: NodeAddress) -> ClusterTrouble {
        ClusterTrouble(words: words, log: cluster.logTail(address))
    }

    /// Starts the cluster and loads the keys beside the dashboard, which shows how far it is.
    func prepare(_ controls: LocalControls) async throws {
        let total = cluster.addresses.count
        try await awaitServing { serving in
            controls.starting.withLock { $0 = .init(serving: serving, total: total) }
        }
        controls.starting.withLock { $0 = nil }
        if keys > 0 { await load(into: controls.loading) }
    }

    private func load(into state: Locked<DemoState.Loading?>) async {
        let client = ClusterClient(nodes: cluster.addresses, transport: transport)
        let run = LoadRun(store: NodeKeyStore(client: client), count: keys, prefix: Self.keyPrefix, concurrency: 64)
        state.withLock { $0 = .init(done: 0, total: keys) }
        let result = await run.run { progress in state.withLock { $0?.done = progress.keys } }
        state.withLock { $0 = result.problem.map { .init(done: result.keys, total: keys, problem: $0) } }
    }

    /// Loads the keys; all of them must arrive.
    func load() async throws -> LoadRun {
        let client = ClusterClient(nodes: cluster.addresses, transport: transport)
        let run = LoadRun(store: NodeKeyStore(client: client), count: keys, prefix: Self.keyPrefix, concurrency: 64)
        let line = ProgressLine()
        let result = await run.run { line.tell($0.words) }
        line.end()
        try Task.checkCancellation()
        if let problem = result.problem { throw ClusterTrouble(words: "loading failed: \(problem)") }
        Output.line(LoadCommand.words(result, through: Words.plural(cluster.addresses.count, "node")))
        return run
    }

    func tell() async throws {
        let load = keys > 0 ? try await load() : nil
        let before = ClusterSummary(try await settled())
        StatusText.lines(Cluster(await source.snapshot())).forEach(Output.line)
        if let reshardTo {
            let limit =
                cluster.setup.reshardRate.map { " (held to \(Words.count($0)) keys/s; --rate 0 lifts it)" } ?? ""
            Output.line("reshard \(cluster.setup.shardCount) to \(reshardTo)\(limit)")
            let progress = Locked(ChangeProgress())
            _ = try await FollowedChange.run(ShardnodeSource(source), .shardCount(reshardTo)) { change in
                for line in progress.withLock({ $0.lines(for: change) }) { Output.line(line) }
            }
        }
        let snapshot = try await settled()
        StatusText.lines(snapshot).forEach(Output.line)
        try await verify(load, before: before, after: ClusterSummary(snapshot))
    }

    /// The first snapshot in which the members of every shard hold the same and all nodes are in one epoch; the last
    /// one, where that takes too long, for the check to judge.
    private func settled() async throws -> Cluster {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let snapshot = Cluster(await source.snapshot())
            let summary = ClusterSummary(snapshot)
            let isSettled =
                summary.epochs.count == 1 && summary.nodesUp == summary.nodes
                && !summary.shards.contains(where: \.isUneven)
            if isSettled || ContinuousClock.now > deadline { return snapshot }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func verify(_ load: LoadRun?, before: ClusterSummary, after: ClusterSummary) async throws {
        var wrong: [String] = []
        if after.keys != before.keys || after.keys != keys {
            wrong.append(
                "\(Words.plural(keys, "key")) put, \(Words.count(before.keys)) counted before and \(Words.count(after.keys)) after the reshard"
            )
        }
        if after.epochs.count != 1 { wrong.append("nodes are in different epochs: \(after.epochs.sorted())") }
        if after.nodesUp != after.nodes {
            wrong.append("of \(Words.plural(after.nodes, "node")) \(after.nodes - after.nodesUp) do not answer")
        }
        if let shard = after.shards.first(where: \.isUneven) {
            wrong.append("the members of shard \(shard.id) hold different numbers of keys")
        }
        if let reshardTo, after.shards.count != reshardTo {
            wrong.append("the cluster has \(Words.plural(after.shards.count, "shard"))")
        }
        if let load {
            let result = await ReadBack(load: load).run()
            try Task.checkCancellation()
            Output.line(
                "\(Words.plural(result.read, "key")) read back, each through another node: "
                    + "\(result.missing) missing, \(result.wrong) wrong, \(result.failed) failed")
            if let problem = result.problem { wrong.append(problem) }
        }
        guard wrong.isEmpty else {
            throw ClusterTrouble(words: "NOT OK: \(wrong.joined(separator: "; "))")
        }
        Output.line(
            "OK: keys before = after = \(Words.count(after.keys ?? 0)), all nodes in epoch \(EpochNumber.words(after.epochs.first ?? 0))"
        )
    }
}
