import ClusterModel
import Dashboard

/// A demo without a terminal: start, load, reshard, check, in plain lines.
struct DemoStory: Sendable {
    /// The reshard of the story: its two numbers of shards, and the limit in keys a second.
    struct Reshard {
        var from: Int
        var to: Int
        var keysPerSecondMax: Int?
    }

    let cluster: any DemoCluster
    let source: any ClusterSource
    let keys: DemoKeys

    /// Loads the keys; all of them must arrive.
    private func load() async throws {
        let line = ProgressLine()
        let result = await keys.load { line.tell($0.words) }
        line.end()
        try Task.checkCancellation()
        if let problem = result.problem { throw ClusterTrouble(words: "loading failed: \(problem)") }
        Output.line(LoadCommand.words(result, through: Words.plural(cluster.members.count, "node")))
    }

    func tell(_ reshard: Reshard) async throws {
        try await cluster.awaitServing { _ in }
        if keys.count > 0 { try await load() }
        let before = try await settled()
        StatusText.lines(before).forEach(Output.line)
        let limit =
            reshard.keysPerSecondMax.map { " (held to \(Words.count($0)) keys/s; --rate 0 lifts it)" } ?? ""
        Output.line("reshard \(reshard.from) to \(reshard.to)\(limit)")
        let progress = Locked(ChangeProgress())
        _ = try await FollowedChange.run(source, .shardCount(reshard.to)) { change in
            for line in progress.withLock({ $0.lines(for: change) }) { Output.line(line) }
        }
        let after = try await settled()
        StatusText.lines(after).forEach(Output.line)
        try await verify(reshard, before: ClusterSummary(before), after: ClusterSummary(after))
    }

    /// The first snapshot in which all is settled. If that takes too long, the last one, for the check to judge.
    private func settled() async throws -> Cluster {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let cluster = await source.snapshot()
            if Self.isSettled(cluster) || ContinuousClock.now > deadline { return cluster }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// True if all nodes agree and the members of every shard hold the same keys: as many, with no write on its way from
    /// one to another, as two members that each lack one of the other's hold as many as well.
    static func isSettled(_ cluster: Cluster) -> Bool {
        let summary = ClusterSummary(cluster)
        return summary.troubles.isEmpty && summary.nodesUp == summary.nodes
            && !summary.shards.contains(where: \.isUneven)
            && !cluster.members.contains { $0.lag.map { $0.unit == .writes && $0.amount > 0 } ?? false }
    }

    private func verify(_ reshard: Reshard, before: ClusterSummary, after: ClusterSummary) async throws {
        var wrong = after.troubles
        if after.keys != before.keys || after.keys != keys.count {
            wrong.append(
                "\(Words.plural(keys.count, "key")) put, \(Words.count(before.keys)) counted before and \(Words.count(after.keys)) after the reshard"
            )
        }
        if after.nodesUp != after.nodes {
            wrong.append("of \(Words.plural(after.nodes, "node")) \(after.nodes - after.nodesUp) do not answer")
        }
        if let shard = after.shards.first(where: \.isUneven) {
            wrong.append("the members of shard \(shard.id) hold different numbers of keys")
        }
        if after.shards.count != reshard.to {
            wrong.append("the cluster has \(Words.plural(after.shards.count, "shard"))")
        }
        if keys.count > 0 {
            let result = await keys.readBack(step: 1, overwritten: 0, concurrency: 64)
            try Task.checkCancellation()
            Output.line(
                "\(Words.plural(result.read, "key")) read back, \(cluster.readsBack): "
                    + "\(result.missing) missing, \(result.wrong) wrong, \(result.failed) failed")
            if let problem = result.problem { wrong.append(problem) }
        }
        guard wrong.isEmpty else {
            throw ClusterTrouble(words: "NOT OK: \(wrong.joined(separator: "; "))")
        }
        Output.line("OK: keys before = after = \(Words.count(after.keys ?? 0)), \(cluster.agreement(after))")
    }
}
