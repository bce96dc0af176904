import ClusterModel
import Wording

/// The findings on a cluster, each once.
struct Findings {
    let cluster: Cluster
    let demo: DemoState?
    let stall: String?

    var all: [Verdict.Finding] {
        let members = cluster.members
        guard members.contains(where: \.isReachable) else {
            guard !members.isEmpty else { return [] }
            let problem = members.lazy.compactMap(\.problem).first.map { " (\($0))" } ?? ""
            let refusing = members.filter { $0.isRefusing == true }
            if !refusing.isEmpty { return [Self.finding(refusing: refusing)] }
            return [.init(.down, "no node answers", advice: "look at the network and at the nodes\(problem)")]
        }
        let shards = ShardFindings(self).all
        var named = Set(shards.flatMap(\.nodes))
        let troubles = troubles(besides: named)
        named.formUnion(cluster.troubles.compactMap(\.about))
        let absent = absences(of: members.filter { !named.contains($0.id) })
        named.formUnion(absent.flatMap(\.nodes))
        return shards + troubles + absent + conditions(of: members, besides: named) + disks(of: members)
            + memory(of: members) + changes
    }

    /// Whether keys are served is not known then: all that is known is that there are nodes.
    private static func finding(refusing members: [Member]) -> Verdict.Finding {
        let ids = members.map(\.id)
        return .init(
            .degraded,
            "\(list(ids)) \(ids.count == 1 ? "is up and tells" : "are up and tell") this program nothing: it may not look",
            advice: members.lazy.compactMap(\.problem).first, nodes: ids)
    }

    /// The engine's own findings. One on a node that a shard's finding names is left out: it would say the same.
    private func troubles(besides named: Set<MemberID>) -> [Verdict.Finding] {
        cluster.troubles.filter { $0.about.map { !named.contains($0) } ?? true }.map { trouble in
            .init(
                trouble.stopsKeys == true ? .down : .degraded, trouble.long, advice: trouble.advice,
                nodes: trouble.about.map { [$0] } ?? [])
        }
    }

    /// Findings on nodes in no shard that are down. Where nothing is missing without them, that is nothing to hurry for.
    private func absences(of members: [Member]) -> [Verdict.Finding] {
        func finding(_ absence: Member.Absence, _ rank: Verdict.Rank, _ words: String) -> Verdict.Finding? {
            let absent = members.filter { $0.absence == absence && isBad($0) }
            guard let first = absent.first, let advice = advice(for: absent) else { return nil }
            let (whom, which) = absent.count == 1 ? ("it", first.id.text) : ("each", "HOST:PORT")
            let also = ", or take \(whom) out of the view: shardtop remove-member \(which)"
            return .init(
                rank, "\(Self.list(absent.map(\.id))): down, \(words)", advice: advice + (demo == nil ? also : ""),
                nodes: absent.map(\.id))
        }
        return [
            finding(.perhapsWrites, .degraded, "perhaps with writes from before the layout changed"),
            finding(.nothing, .ok, "in no shard, and with no keys to serve"),
        ].compactMap(\.self)
    }

    /// Findings on nodes that are not well and that no other finding names; nodes with the same condition share one.
    private func conditions(of members: [Member], besides named: Set<MemberID>) -> [Verdict.Finding] {
        // For nodes that are cut off, the engine's sentence says more.
        let isCutOffTold = !cluster.troubles.isEmpty
        var alike: [(words: String, members: [Member])] = []
        for member in members where !member.condition.isGood && !isUnasked(member) && !named.contains(member.id) {
            if member.isCutOff, isCutOffTold { continue }
            if let place = alike.firstIndex(where: { $0.words == member.condition.words }) {
                alike[place].members.append(member)
            } else {
                alike.append((member.condition.words, [member]))
            }
        }
        return alike.map { words, members in
            .init(
                .degraded, "\(Self.list(members.map(\.id))): \(words)", advice: advice(for: members),
                nodes: members.map(\.id))
        }
    }

    private func disks(of members: [Member]) -> [Verdict.Finding] {
        let failing = members.filter { $0.isReachable && $0.disk?.isBad == true }.map(\.id)
        guard !failing.isEmpty else { return [] }
        return [
            .init(
                .degraded, "\(Self.list(failing)): the disk cannot be written, and writes are refused",
                advice: "make room on it or mend it: writes are taken again by themselves", nodes: failing)
        ]
    }

    private func memory(of members: [Member]) -> [Verdict.Finding] {
        let full = members.filter { $0.isReachable && $0.isMemoryNearlyFull }
        guard !full.isEmpty else { return [] }
        return [
            .init(
                .degraded, "\(Self.list(full.map(\.id))): memory nearly full",
                advice: "raise its bound, move slots away from it, or add a shard", nodes: full.map(\.id))
        ]
    }

    private var changes: [Verdict.Finding] {
        // A change that is only inferred stands in nobody's way.
        guard let change = cluster.change, !change.isOver else { return [] }
        if let stall { return [.init(.degraded, "\(change.title) stands still", advice: stall)] }
        return [.init(.changing, change.title, advice: change.safety.isEmpty ? nil : change.safety)]
    }

    // MARK: Nodes

    /// True for a node of which nothing is known yet, which is no finding.
    func isUnasked(_ member: Member) -> Bool {
        member.notAsked != nil || (!member.hasAnswered && !member.condition.isBad && member.isRefusing != true)
    }

    func isBad(_ member: Member) -> Bool { member.condition.isBad && !isUnasked(member) }

    /// The advice that brings these nodes back.
    func advice(for members: [Member]) -> String? {
        if let advice = adviceOnRefusal(by: members) { return advice }
        let lost = members.filter(isBad)
        guard let first = lost.first else {
            return members.isEmpty ? nil : "wait some seconds; where it lasts, Enter on the node says what it waits for"
        }
        if let demo {
            if demo.paused.contains(first.id) { return "let \(first.id) go on: p" }
            if demo.isolated.contains(first.id) { return "connect \(first.id) again: P" }
            return "start \(Self.list(lost.map(\.id))) again: X"
        }
        let problem = first.problem.map { " (\($0))" } ?? ""
        return "start \(Self.list(lost.map(\.id))) again\(problem)"
    }

    /// The words of the first node that refuses to tell anything, which say what it wants; nil if none does.
    private func adviceOnRefusal(by members: [Member]) -> String? {
        let refusing = members.first { $0.isRefusing == true }
        return refusing.flatMap { node in node.problem.map { "\(node.id) is up, and \($0)" } }
    }

    /// The first nodes by name, and how many more there are.
    static func list(_ nodes: [MemberID]) -> String {
        let shown = nodes.prefix(3).map(\.description).joined(separator: ", ")
        return nodes.count > 3 ? "\(shown) and \(nodes.count - 3) more" : shown
    }
}
