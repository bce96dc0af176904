import ShardCore
import ShardWire

/// A snapshot in plain lines.
enum StatusText {
    static func lines(_ snapshot: ClusterSnapshot) -> [String] {
        let summary = ClusterSummary(snapshot)
        var lines = [headline(summary)]
        let width = (snapshot.nodes.map { $0.address.description.count }.max() ?? 0) + 2
        for shard in summary.shards {
            let keys =
                shard.keys.map { keys in
                    Words.plural(keys, "key") + (summary.keys.map { ", " + Words.share(keys, of: $0) } ?? "")
                } ?? "? keys"
            lines.append("shard \(shard.id): \(keys)")
            for address in shard.members {
                lines.append("  " + Words.padded(address.description, width) + health(of: address, in: snapshot))
            }
        }
        let placed = Set(summary.shards.flatMap(\.members))
        let others = snapshot.nodes.filter { !placed.contains($0.address) }
        let known = others.filter { $0.answer != nil }
        for (title, nodes) in [
            ("in no shard:", known.filter { !hidesShard($0) }),
            ("in a shard that is not told:", known.filter(hidesShard)),
            ("of which nothing is known:", others.filter { $0.answer == nil }),
        ] where !nodes.isEmpty {
            lines.append(title)
            for node in nodes {
                lines.append(
                    "  " + Words.padded(node.address.description, width) + health(of: node.address, in: snapshot))
            }
        }
        if let reshard = snapshot.reshard, !reshard.phase.isEnd {
            lines.append("reshard to \(reshard.toShardCount): \(reshard.phase.rawValue)")
        }
        if let change = snapshot.inferred, !change.state.isEnd { lines.append(line(of: change)) }
        return lines
    }

    /// What is seen of a change that no node tells of.
    static func line(of change: InferredChange) -> String {
        "reshard \(change.title) (inferred): "
            + change.sentences { Words.clock(milliseconds: $0) }.joined(separator: "; ")
    }

    static func headline(_ summary: ClusterSummary) -> String {
        var parts = [
            "\(summary.nodesUp) of \(Words.plural(summary.nodes, "node")) up",
            Words.plural(summary.shardCount, "shard"), Words.plural(summary.keys, "key"),
        ]
        if let epoch = summary.epochs.max() { parts.append("epoch \(EpochNumber.words(epoch))") }
        if let seed = summary.seed { parts.append("seed \(seed)") }
        if let verdict = summary.verdict { parts.append(verdict) }
        if summary.epochs.count > 1 { parts.append("nodes disagree on the epoch") }
        return parts.joined(separator: ", ")
    }

    /// True for a node that says neither which shard it is in nor that it is in none.
    private static func hidesShard(_ node: ClusterSnapshot.Node) -> Bool {
        switch node.answer {
        case .full: false
        case .basic(let state): state.shard == nil && state.isUnplaced != true
        case nil: true
        }
    }

    /// How a node is, without what changes all the time.
    static func condition(of node: ClusterSnapshot.Node) -> String {
        guard node.isReachable else { return Self.silence(of: node) }
        guard case .full(let state)? = node.answer else { return "up" }
        let place = state.replica.shard.map { "shard \($0)" } ?? "in no shard"
        return "\(state.replica.state.words), \(place), epoch \(EpochNumber.words(state.replica.epoch))"
    }

    private static func silence(of node: ClusterSnapshot.Node) -> String {
        node.notAsked ?? "down: \(node.problem ?? "does not answer")"
    }

    private static func health(of address: NodeAddress, in snapshot: ClusterSnapshot) -> String {
        guard let node = snapshot.nodes.first(where: { $0.address == address }) else { return "not followed" }
        guard node.isReachable else { return Self.silence(of: node) }
        switch node.answer {
        case .full(let state):
            var parts = [
                state.replica.state.words, Words.plural(state.replica.keys, "key"),
                "epoch \(EpochNumber.words(state.replica.epoch))",
            ]
            let lag = state.replica.peers.compactMap(\.lagWrites).max() ?? 0
            if lag > 0 { parts.append("\(Words.plural(Int(clamping: lag), "write")) not confirmed") }
            return parts.joined(separator: ", ")
        case .basic: return "up (basic endpoints only)"
        case nil: return "up"
        }
    }
}
