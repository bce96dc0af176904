import ClusterModel

/// A node as the model has it, from what it told itself and what the others say of it.
struct MemberTranslation {
    private let topology: Topology
    private let node: Topology.Node
    private let record: ServerRecord?
    private let primary: ServerRecord?
    private var info: ServerInfo? { record?.info }

    init(report: WatchReport, topology: Topology, node: Topology.Node) {
        (self.topology, self.node) = (topology, node)
        record = report.record(of: node.id)
        primary = node.primary.flatMap { report.record(of: $0) }
    }

    /// - Parameter shard: nil of nodes in none.
    func member(shard: ShardID?) -> Member {
        var member = Member(id: topology.member(node.id), shard: shard, condition: condition)
        member.role = node.isReplica ? .replica : .primary
        member.primary = node.primary.map(topology.member)
        member.standing = standing
        member.isPolled = record != nil
        member.hasAnswered = record?.answeredMilliseconds != nil
        member.isReachable = record?.isReachable ?? false
        member.isCutOff = member.isReachable && node.isFailed
        member.problem = record?.problem.map(Self.words) ?? (record == nil ? "its address is not known" : nil)
        if member.problem == nil, !member.isReachable { member.problem = "has not answered yet" }
        member.answeredMilliseconds = record?.answeredMilliseconds
        member.pollMicroseconds = record?.pollMicroseconds
        member.keys = record?.keys
        member.memoryBytes = info?.memoryBytes
        member.memoryBytesMax = info?.memoryBytesMax
        member.operationsPerSecond = member.isReachable ? info?.operationsPerSecond.map { Double($0) } : nil
        member.version = info?.version
        if member.isReachable {
            member.cpuShare = record?.rates.cpuShare
            member.clients = info?.clients.map { Int(clamping: $0) }
            member.uptimeMilliseconds = info?.uptimeSeconds.map {
                $0.multipliedReportingOverflow(by: 1_000).partialValue
            }
            member.disk = info.flatMap { Self.disk($0.persistence) }
        }
        member.slots = node.isReplica ? nil : node.slots.count
        member.lag = lag
        member.details = details
        return member
    }

    /// Nil if nothing is known: whether a server makes snapshots at all, it does not tell.
    private static func disk(_ persistence: ServerInfo.Persistence) -> Member.Condition? {
        if persistence.failure != nil { return .init(.warning, "fails") }
        if persistence.isSaving { return .init(.good, "saving") }
        return persistence.isAppending ? .init(.good, "aof") : nil
    }

    private static func words(_ error: ServerError) -> String {
        error.advice.isEmpty ? error.what : "\(error.what). \(error.advice)"
    }

    // MARK: How it is

    private var condition: Member.Condition {
        let answers = record?.isReachable ?? false
        if node.isFailed { return .init(.bad, answers ? "cut off" : "failed") }
        if node.isInHandshake { return .init(.warning, "handshake") }
        // It is up, and does not let this program in.
        if !answers, record?.problem?.kind == .notPermitted { return .init(.warning, "no access") }
        if !answers, record?.problem != nil {
            return .init(.bad, node.suspectedBy.isEmpty ? "silent" : "suspected")
        }
        if !node.suspectedBy.isEmpty { return .init(.warning, "suspected") }
        guard answers, let record else { return .init(.warning, record == nil ? "no address" : "not asked yet") }
        if let words = serverCondition { return .init(.warning, words) }
        return record.state?.isOK == false ? .init(.warning, "cluster down") : .init(.good, "up")
    }

    /// The trouble of the server itself; nil if it has none.
    private var serverCondition: String? {
        guard let info else { return nil }
        if info.persistence.isLoading {
            return info.persistence.loadedPercent.map { "loading \(Int($0)) %" } ?? "loading"
        }
        if node.isReplica, let replication = info.replication, replication.isReplica {
            if replication.isSyncing { return "syncing" }
            if replication.isLinkUp == false { return "link down" }
        }
        return info.persistence.failure == nil ? nil : "saves fail"
    }

    /// As `CLUSTER NODES` has it.
    private var standing: String? {
        if node.isFailed { return "fail" }
        if !node.suspectedBy.isEmpty { return "fail?" }
        if node.isInHandshake { return "handshake" }
        if node.address == nil { return "noaddr" }
        return record?.state?.isOK == false ? "cluster_state:fail" : nil
    }

    /// The bytes that a replica lacks of its primary: as the primary knows, or as the two tell, whichever is less. The
    /// primary hears of it once a second, and the two are not asked in the same moment.
    private var lag: Member.Lag? {
        guard node.isReplica, let primary,
            let replication = primary.info?.replication, let written = replication.offset, primary.isReachable
        else { return nil }
        let told = replication.replicas.first { $0.address == node.address || $0.address == record?.dialled }
        let received = record?.isReachable == true ? info?.replication?.offset : nil
        guard let offset = [told?.offset, received].compactMap({ $0 }).max() else { return nil }
        let seconds = told?.lagSeconds ?? info?.replication?.heardSeconds
        return Member.Lag(written > offset ? written - offset : 0, .bytes, seconds: seconds)
    }
}

extension MemberTranslation {
    private var details: [Fact] {
        var facts: [Fact] = []
        if !node.slots.isEmpty { facts.append(Fact("slots", node.slots.text(rangesMax: 4), weight: 8)) }
        if let name = node.endpoint.hostName { facts.append(Fact("host name", name, weight: 4)) }
        if let name = node.endpoint.facts["nodename"] { facts.append(Fact("node name", name, weight: 4)) }
        if let dialled = record?.dialled, dialled != record?.key {
            facts.append(Fact("reached at", dialled.description, weight: 5))
        }
        facts += record?.facts ?? []
        facts.append(Fact("config epoch", "\(node.epoch)", weight: 3))
        facts.append(Fact("id", node.id.description, weight: 3))
        for refusal in record?.refusals.prefix(3) ?? [] {
            facts.append(Fact("not told", Self.words(refusal), weight: 6, level: .warning))
        }
        return facts
    }
}
