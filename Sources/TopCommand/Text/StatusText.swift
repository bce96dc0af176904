import ClusterModel
import Dashboard

/// A cluster in plain lines.
enum StatusText {
    /// The verdict, and each finding but a change that runs, with what can be done about it. The worst fault is in the
    /// verdict already.
    static func lines(of verdict: Verdict) -> [String] {
        let isWorstTold = verdict.rank >= .degraded
        let worst = isWorstTold ? verdict.worst?.advice.map { ["  \($0)"] } ?? [] : []
        return [verdict.words] + worst
            + verdict.findings.dropFirst(isWorstTold ? 1 : 0).filter { $0.rank != .changing }.map { finding in
                "  \(finding.words)" + (finding.advice.map { ": \($0)" } ?? "")
            }
    }

    /// The lines for a command that could look at no node: what there is, and the error tells the rest.
    static func lines(unseen cluster: Cluster, _ verdict: Verdict) -> [String] {
        let isRefused = cluster.hasMember { $0.isRefusing == true }
        return (isRefused ? [] : [verdict.words]) + lines(cluster)
    }

    /// The cluster node by node, after its verdict: troubles have their short names here, and one that several nodes
    /// have alike is told once.
    static func lines(_ cluster: Cluster) -> [String] {
        var summary = ClusterSummary(cluster)
        summary.troubles = summary.troubles.map { long in cluster.troubles.first { $0.long == long }?.short ?? long }
        var lines = [headline(summary)]
        var told: Set<String> = []
        let width = (cluster.members.map { $0.id.description.count }.max() ?? 0) + 2
        func list(_ members: [Member]) {
            for member in members {
                var words = health(of: member, in: cluster)
                if let problem = member.problem, !member.isReachable, !told.insert(problem).inserted {
                    words = words.replacing(problem, with: "the same")
                }
                lines.append("  " + Words.padded(member.id.description, width) + words)
            }
        }
        for shard in cluster.shards {
            lines.append(heading(shard, summary))
            list(shard.members)
        }
        // Of one that is down, the others may tell that it is in no shard.
        func isKnown(_ member: Member) -> Bool { member.hasAnswered || member.absence != nil }
        let known = cluster.others.filter(isKnown)
        for (title, members) in [
            ("in no shard:", known.filter(\.isShardTold)),
            ("in a shard that is not told:", known.filter { !$0.isShardTold }),
            ("of which nothing is known:", cluster.others.filter { !isKnown($0) }),
        ] where !members.isEmpty {
            lines.append(title)
            list(members)
        }
        if let access = cluster.access, access.level > .good {
            lines += access.weaknesses.map { "\(access.words): \($0)" }
        }
        if let change = cluster.change, !change.isOver {
            lines.append("\(change.title): \(ChangeProgress.now(change))")
        }
        if let change = cluster.inferred, !change.state.isEnd { lines.append(line(of: change)) }
        return lines
    }

    private static func heading(_ shard: Shard, _ summary: ClusterSummary) -> String {
        var parts: [String] = []
        if let slots = shard.slots { parts.append(Words.plural(slots, "slot")) }
        if let keys = shard.keys {
            parts.append(Words.plural(keys, "key"))
            if let all = summary.keys { parts.append(Words.share(keys, of: all)) }
        } else {
            parts.append("? keys")
        }
        if let note = shard.note { parts.append(note) }
        return "shard \(shard.id): " + parts.joined(separator: ", ")
    }

    /// The line of a change that no node tells of, as far as it can be seen.
    static func line(of change: InferredChange) -> String {
        "reshard \(change.title) (inferred): "
            + change.sentences { Words.clock(milliseconds: $0) }.joined(separator: "; ")
    }

    static func headline(_ summary: ClusterSummary) -> String {
        let parts = [
            "\(summary.nodesUp) of \(Words.plural(summary.nodes, "node")) up",
            Words.plural(summary.shardCount, "shard"), Words.plural(summary.keys, "key"),
        ]
        return (parts + summary.facts + summary.troubles).joined(separator: ", ")
    }

    /// A node's condition, without what changes all the time.
    static func condition(of member: Member) -> String {
        guard member.isReachable else { return silence(of: member) }
        var parts = [member.standing ?? (member.role == .equal ? "up" : member.role.rawValue)]
        if member.standing != nil || member.role != .equal {
            parts.append(member.shard.map { "shard \($0)" } ?? "in no shard")
            if member.role == .equal, let epoch = epoch(of: member) { parts.append(epoch) }
            if !member.condition.isGood, member.condition.words != parts[0] { parts.append(member.condition.words) }
        }
        return parts.joined(separator: ", ")
    }

    private static func silence(of member: Member) -> String {
        if let notAsked = member.notAsked { return notAsked }
        if member.isRefusing == true, let problem = member.problem { return "up, and refuses: \(problem)" }
        return "down: \(member.problem ?? "does not answer")"
    }

    private static func epoch(of member: Member) -> String? {
        (member.epochWords ?? member.epoch.map(String.init)).map { "epoch \($0)" }
    }

    private static func health(of member: Member, in cluster: Cluster) -> String {
        guard member.isPolled else { return "not followed" }
        guard member.isReachable else { return silence(of: member) }
        if member.role != .equal { return health(ofServer: member) }
        guard let standing = member.standing else { return cluster.isBasic ? "up (basic endpoints only)" : "up" }
        var parts = [standing]
        if let keys = member.keys { parts.append(Words.plural(keys, "key")) }
        if let epoch = epoch(of: member) { parts.append(epoch) }
        if let lag = member.lag, lag.amount > 0 { parts.append(words(of: lag)) }
        if !member.condition.isGood, member.condition.words != standing { parts.append(member.condition.words) }
        return parts.joined(separator: ", ")
    }

    /// The condition of a primary or a replica.
    private static func health(ofServer member: Member) -> String {
        var parts = [member.standing ?? member.role.rawValue]
        if !member.condition.isGood { parts.append(member.condition.words) }
        if let keys = member.keys { parts.append(Words.plural(keys, "key")) }
        if let memory = member.memoryBytes {
            let most = member.memoryBytesMax.map { " of \(Words.bytes($0))" } ?? ""
            parts.append(Words.bytes(memory) + most)
        }
        if let rate = member.allOperationsPerSecond, rate >= 1 { parts.append("\(Words.count(Int(rate))) op/s") }
        if let lag = member.lag, lag.amount > 0 { parts.append(words(of: lag)) }
        return parts.joined(separator: ", ")
    }

    private static func words(of lag: Member.Lag) -> String {
        switch lag.unit {
        case .writes: "\(Words.plural(Int(clamping: lag.amount), "write")) not confirmed"
        case .bytes: "\(Words.bytes(lag.amount)) behind"
        }
    }
}
