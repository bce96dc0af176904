import ClusterModel
import Wording

/// The findings on shards: whether each is served, and by how many nodes.
struct ShardFindings {
    private let findings: Findings
    private var cluster: Cluster { findings.cluster }

    init(_ findings: Findings) { self.findings = findings }

    var all: [Verdict.Finding] {
        let hasReplicas = cluster.shards.contains { $0.members.contains { $0.role == .replica } }
        var found: [(left: Int, finding: Verdict.Finding)] = []
        for shard in cluster.shards {
            // Nothing is known of a shard without known members.
            guard !shard.members.isEmpty, !shard.members.contains(where: findings.isUnasked) else { continue }
            let finding =
                shard.members.contains { $0.role != .equal }
                ? finding(ofReplicated: shard, isUsual: !hasReplicas) : finding(of: shard)
            guard let finding else { continue }
            found.append((shard.members.count { !findings.isBad($0) }, finding))
        }
        // Shards with the fewest members left come first; equals keep their order.
        return found.enumerated().sorted { ($0.element.left, $0.offset) < ($1.element.left, $1.offset) }
            .map(\.element.finding)
    }

    // MARK: Members that are equal

    private func finding(of shard: Shard) -> Verdict.Finding? {
        let name = "shard \(shard.id)"
        let bad = shard.members.filter(findings.isBad)
        let up = shard.members.filter { !findings.isBad($0) }
        let whole = up.filter(isWhole)
        let ids = bad.map(\.id)
        if up.isEmpty {
            let words =
                shard.members.count == 1
                ? "the only member of \(name) does not answer" : "no member of \(name) answers"
            return .init(.down, words, advice: findings.advice(for: bad), nodes: ids)
        }
        if whole.isEmpty {
            return .init(
                .down, "\(name) is not served: no member has all of its keys yet",
                advice: bad.isEmpty
                    ? "wait; Enter on a node says what it waits for" : findings.advice(for: bad),
                nodes: ids + up.map(\.id))
        }
        if bad.isEmpty {
            // With the basic endpoints only, it is not known for long enough who belongs together to call one too few.
            guard shard.members.count == 1, !cluster.isBasic else { return nil }
            return .init(
                .degraded, "\(name) has a single member",
                advice: "add a node to it: a crash of \(shard.members[0].id) takes its keys away", nodes: [])
        }
        let left =
            up.count == 1 ? "one member left" : "\(up.count) of \(shard.members.count) members"
        let also = up.count > 1 ? "" : ", or add a node to the shard"
        return .init(
            .degraded, "\(name) has \(left)", advice: findings.advice(for: bad).map { $0 + also }, nodes: ids)
    }

    /// True for a member that serves its keys; if it catches up or starts, its condition is the engine's own word.
    private func isWhole(_ member: Member) -> Bool {
        member.condition.isGood || member.standing == nil || member.condition.words != member.standing
    }

    // MARK: Primaries and replicas

    /// - Parameter isUsual: true if no shard of the cluster has a replica, so that this is intended.
    private func finding(ofReplicated shard: Shard, isUsual: Bool) -> Verdict.Finding? {
        let primaries = shard.members.filter { $0.role == .primary }
        let replicas = shard.members.filter { $0.role == .replica }
        let bad = shard.members.filter(findings.isBad)
        let ids = bad.map(\.id)
        let live = replicas.filter { !findings.isBad($0) }
        guard primaries.contains(where: { !findings.isBad($0) }) else {
            let advice =
                live.first.map {
                    "a replica takes over within seconds; where it does not, fail over to \($0.id)"
                } ?? findings.advice(for: primaries)
            return .init(.down, "\(slots(of: shard)) no primary", advice: advice, nodes: ids)
        }
        guard live.isEmpty else {
            guard !bad.isEmpty else { return nil }
            return .init(
                .degraded, "shard \(shard.id) has lost \(Plural.words(bad.count, "node"))",
                advice: findings.advice(for: bad), nodes: ids)
        }
        if bad.isEmpty {
            guard !isUsual else { return nil }
            return .init(
                .degraded, "shard \(shard.id) has no replica",
                advice: "add one: a crash of its primary takes its slots away", nodes: [])
        }
        return .init(
            .degraded, "shard \(shard.id) has no replica left", advice: findings.advice(for: bad), nodes: ids)
    }

    private static let rangesMax = 3

    /// The subject of a sentence and its verb: "slots 0-5460 (shard 45bc) have".
    private func slots(of shard: Shard) -> String {
        var ranges: [ClosedRange<Int>] = []
        for run in cluster.slots?.runs ?? [] where run.shard == shard.id {
            if let last = ranges.last, last.upperBound + 1 == run.first {
                ranges[ranges.count - 1] = last.lowerBound...max(last.lowerBound, run.last)
            } else {
                ranges.append(run.first...max(run.first, run.last))
            }
        }
        guard !ranges.isEmpty else { return "shard \(shard.id) has" }
        let shown = ranges.prefix(Self.rangesMax)
            .map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        let more = ranges.count > Self.rangesMax ? " and more" : ""
        return "slots \(shown.joined(separator: ", "))\(more) (shard \(shard.id)) have"
    }
}
