import ClusterModel
import Wording

/// Translates the report about a cluster into the model.
struct ClusterTranslation {
    let report: WatchReport
    let cache: TranslationCache

    init(report: WatchReport, cache: TranslationCache = TranslationCache()) {
        self.report = report
        self.cache = cache
    }

    /// More troubles are only counted.
    private static let troublesMax = 20

    var cluster: Cluster {
        var cluster = Cluster(takenMilliseconds: report.takenMilliseconds)
        guard let topology = report.topology else {
            cluster.isTold = false
            cluster.others = report.records.values.sorted { $0.key < $1.key }.map(Self.unknown)
            return cluster
        }
        (cluster.shards, cluster.others) = shards(topology)
        let versions = versions
        cluster.engine = Cluster.Engine(name: versions.first?.engine.rawValue, version: versions.first?.version)
        cluster.slots = SlotMapTranslation(report: report, topology: topology).slots(cache)
        cluster.epoch = members(topology).compactMap { $0.state?.currentEpoch }.max()
        cluster.troubles = troubles(topology, versions)
        cluster.facts = facts(cluster)
        cluster.change = report.foreign.map { ForeignChange(run: $0).change }
        return cluster
    }

    /// A server that has not said which node it is.
    private static func unknown(_ record: ServerRecord) -> Member {
        let condition: Member.Condition =
            record.problem == nil ? .init(.warning, "not asked yet") : .init(.bad, "silent")
        var member = Member(id: MemberID(record.key.description), condition: condition)
        member.isShardTold = false
        member.isPolled = true
        member.problem = record.problem?.what ?? "has not answered yet"
        return member
    }

    private func shards(_ topology: Topology) -> (shards: [Shard], others: [Member]) {
        let frame = cache.frame(report.stamp) { ClusterFrame(topology, names: report.shardNames) }
        let shards = frame.shards.map { part in
            cache.shard(part.id, part.nodes.map(stamp)) { shard(part, topology) }
        }
        return (shards, frame.others.map { member($0, shard: nil, topology) })
    }

    private func shard(_ part: ClusterFrame.Part, _ topology: Topology) -> Shard {
        let members = part.nodes.map { member($0, shard: part.id, topology) }
        var shard = Shard(id: part.id, members: members)
        let answering = members.filter(\.isReachable)
        shard.keys = answering.first { $0.role == .primary }?.keys ?? answering.compactMap(\.keys).max()
        shard.slots = part.nodes.first?.slots.count
        shard.note = note(members)
        return shard
    }

    private func member(_ node: Topology.Node, shard: ShardID?, _ topology: Topology) -> Member {
        MemberTranslation(report: report, topology: topology, node: node).member(shard: shard)
    }

    private func stamp(_ node: Topology.Node) -> TranslationCache.Stamp {
        TranslationCache.Stamp(
            topology: report.topologyNumber, record: report.record(of: node.id).map(TranslationCache.Revision.init),
            primary: node.primary.flatMap { report.record(of: $0) }.map(TranslationCache.Revision.init))
    }

    private func note(_ members: [Member]) -> String? {
        let replicas = members.filter { $0.role == .replica }
        if members.first?.condition.isBad == true { return "its primary is down" }
        if replicas.isEmpty { return "no replica" }
        return replicas.allSatisfy(\.condition.isBad) ? "no replica is up" : nil
    }

    // MARK: As a whole

    /// Of those that answer, how many are of each version; the most first.
    private var versions: [Versions] {
        var counts: [String: (first: ServerInfo, count: Int)] = [:]
        for record in report.records.values where record.isReachable {
            if counts[record.kind] != nil {
                counts[record.kind]?.count += 1
            } else if let info = record.info {
                counts[record.kind] = (info, 1)
            }
        }
        return counts.sorted { (-$0.value.count, $0.key) < (-$1.value.count, $1.key) }.map { _, value in
            Versions(engine: value.first.engine, version: value.first.version ?? "", count: value.count)
        }
    }

    private struct Versions {
        let engine: ServerInfo.Engine
        let version: String
        let count: Int
    }

    /// Those who have left the cluster, and are asked still, tell of themselves alone.
    private func members(_ topology: Topology) -> [ServerRecord] {
        report.records.values.filter { record in record.id.map { topology.nodes[$0] != nil } ?? false }
    }

    private func troubles(_ topology: Topology, _ versions: [Versions]) -> [Trouble] {
        var troubles: [Trouble] = []
        let down = members(topology).filter { $0.isReachable && $0.state?.isOK == false }.map(\.key).sorted()
        if !down.isEmpty {
            let who = Disagreement.list(down.map(\.description))
            troubles.append(
                Trouble(
                    short: "cluster down",
                    long: "\(who) \(down.count == 1 ? "says" : "say") cluster_state:fail, and so "
                        + "serve\(down.count == 1 ? "s" : "") no keys", level: .bad, stopsKeys: true,
                    advice: "bring back the nodes that failed, or the slots that belong to nobody"))
        }
        // That keys are not served goes before the reason why.
        troubles += report.problems.filter(\.isGrave).map { trouble($0, topology, level: .bad) }
        // Slots that are open are no trouble while somebody moves them.
        let isMoving = report.isOursRunning || report.isSomebodyElseMoving
        let others = report.problems.filter { !$0.isGrave && !(isMoving && $0.kind == .open) }
        troubles += others.map { trouble($0, topology) }
        let failing = report.records.values.filter { $0.isReachable && $0.info?.persistence.failure != nil }
        for record in failing.sorted(by: { $0.key < $1.key }) {
            guard let failure = record.info?.persistence.failure else { continue }
            troubles.append(
                Trouble(
                    short: "saves fail", long: "\(record.key): \(failure)",
                    advice: "look at the disk of \(record.key), and at its server's log"))
        }
        if versions.count > 1 {
            let list = versions.prefix(4).map { "\($0.engine.rawValue) \($0.version) on \($0.count)" }
            troubles.append(Trouble(short: "mixed versions", long: "nodes run " + list.joined(separator: ", ")))
        }
        guard troubles.count > Self.troublesMax else { return troubles }
        let rest = troubles.count - Self.troublesMax
        return troubles.prefix(Self.troublesMax) + [Trouble(short: "\(rest) more", long: "and \(rest) troubles more")]
    }

    private func trouble(_ problem: Topology.Problem, _ topology: Topology, level: Level = .warning) -> Trouble {
        Trouble(
            short: problem.short, long: problem.words, level: level, about: problem.node.map(topology.member),
            stopsKeys: problem.kind == .uncovered, advice: problem.kind.advice)
    }

    private func facts(_ cluster: Cluster) -> [Fact] {
        let primaries = (report.topology?.nodes.values.lazy.filter { !$0.isReplica }.map(\.id) ?? []).compactMap {
            report.record(of: $0).flatMap { $0.isReachable ? $0 : nil }
        }
        var facts: [Fact] = []
        if let epoch = cluster.epoch { facts.append(Fact("epoch", "\(epoch)", weight: 6)) }
        let memory = primaries.compactMap { $0.info?.memoryBytes }
        if !memory.isEmpty {
            let bounds = primaries.compactMap { $0.info?.memoryBytesMax }
            let bound = bounds.count == memory.count ? " of \(Figures.bytes(Self.sum(bounds)))" : ""
            facts.append(Fact("memory", Figures.bytes(Self.sum(memory)) + bound, weight: 5, isRestless: true))
        }
        let reads = primaries.compactMap(\.rates.reads)
        if !reads.isEmpty, primaries.contains(where: { $0.info?.reads.map { $0.count > 0 } == true }) {
            let all = reads.reduce(ServerRates.Reads(hits: 0, misses: 0), +)
            facts.append(Fact("hits", all.words, weight: 4, isRestless: true))
        }
        let evictions = primaries.compactMap(\.rates.evictionsPerSecond).reduce(0, +)
        if evictions > 0 {
            facts.append(
                Fact("evicted", "\(Int(evictions.rounded(.up)))/s", weight: 6, level: .warning, isRestless: true))
        }
        let clients = report.records.values.filter(\.isReachable).compactMap { $0.info?.clients }
        if !clients.isEmpty { facts.append(Fact("clients", "\(Self.sum(clients))", weight: 3, isRestless: true)) }
        return facts
    }

    private static func sum(_ counts: [UInt64]) -> UInt64 { counts.reduce(0, &+) }
}
