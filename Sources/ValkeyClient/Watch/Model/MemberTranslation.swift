import ClusterModel

/// A node as the model has it, from what it told itself and what the others say of it.
struct MemberTranslation {
    let report: WatchReport
    let topology: Topology
    let node: Topology.Node

    private var record: ServerRecord? { report.record(of: node.id) }
    private var info: ServerInfo? { record?.info }

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
        member.operationsPerSecond = info?.operationsPerSecond.map { Double($0) }
        member.slots = node.isReplica ? nil : node.slots.count
        member.lag = lag
        member.details = details
        return member
    }

    private static func words(_ error: ServerError) -> String {
        error.advice.isEmpty ? error.what : "\(error.what). \(error.advice)"
    }

    // MARK: How it is

    private var condition: Member.Condition {
        let answers = record?.isReachable ?? false
        if node.isFailed { return .init(.bad, answers ? "cut off" : "failed") }
        if node.isInHandshake { return .init(.warning, "handshake") }
        if !answers, record?.problem != nil {
            return .init(.bad, node.suspectedBy.isEmpty ? "silent" : "suspected")
        }
        if !node.suspectedBy.isEmpty { return .init(.warning, "suspected") }
        guard answers, let record else { return .init(.warning, record == nil ? "no address" : "not asked yet") }
        if let words = serverCondition { return .init(.warning, words) }
        return record.state?.isOK == false ? .init(.warning, "cluster down") : .init(.good, "up")
    }

    /// What is not well with the server itself.
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

    /// What a replica lacks of its primary: as the primary knows, or as the two tell, whichever is less. The primary
    /// hears of it once a second, and the two are not asked in the same moment.
    private var lag: Member.Lag? {
        guard node.isReplica, let primary = node.primary.flatMap({ report.record(of: $0) }),
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
        facts.append(Fact("id", node.id.description, weight: 3))
        if let name = node.endpoint.hostName { facts.append(Fact("host name", name, weight: 4)) }
        if let name = node.endpoint.facts["nodename"] { facts.append(Fact("node name", name, weight: 4)) }
        if let dialled = record?.dialled, dialled != record?.key {
            facts.append(Fact("reached at", dialled.description, weight: 5))
        }
        facts.append(Fact("config epoch", "\(node.epoch)", weight: 3))
        if let info { facts += serverFacts(info) + trafficFacts(info) + replicationFacts(info) + diskFacts(info) }
        for refusal in record?.refusals.prefix(3) ?? [] {
            facts.append(Fact("not told", Self.words(refusal), weight: 6, level: .warning))
        }
        return facts
    }

    private func serverFacts(_ info: ServerInfo) -> [Fact] {
        var facts = [Fact("version", "\(info.engine.rawValue) \(info.version ?? "")", weight: 6)]
        if let seconds = info.uptimeSeconds { facts.append(Fact("up for", Amounts.span(seconds: seconds), weight: 4)) }
        if let bytes = info.memoryBytes {
            let max = info.memoryBytesMax.map { " of \(Amounts.bytes($0))" } ?? ", no limit"
            let isFull = info.memoryBytesMax.map { bytes >= $0 / 20 * 19 } ?? false
            facts.append(Fact("memory", Amounts.bytes(bytes) + max, weight: 8, level: isFull ? .warning : .good))
        }
        if let policy = info.evictionPolicy { facts.append(Fact("when full", policy, weight: 3)) }
        if let ratio = info.fragmentation { facts.append(Fact("fragmentation", "\(ratio)", weight: 2)) }
        return facts
    }

    private func trafficFacts(_ info: ServerInfo) -> [Fact] {
        var facts: [Fact] = []
        if let clients = info.clients {
            let blocked = info.blockedClients.map { $0 > 0 ? ", \($0) blocked" : "" } ?? ""
            facts.append(Fact("clients", "\(clients)\(blocked)", weight: 7))
        }
        if let rate = record?.rates.hitRate { facts.append(Fact("hit rate", Amounts.percent(rate), weight: 7)) }
        if let evicted = info.evictedKeys {
            let rate = record?.rates.evictionsPerSecond ?? 0
            let now = rate > 0 ? ", \(Int(rate.rounded(.up)))/s now" : ""
            facts.append(Fact("evicted", "\(evicted)\(now)", weight: 6, level: rate > 0 ? .warning : .good))
        }
        if let expired = info.expiredKeys { facts.append(Fact("expired", "\(expired)", weight: 3)) }
        return facts
    }

    private func replicationFacts(_ info: ServerInfo) -> [Fact] {
        guard let replication = info.replication else { return [] }
        var facts: [Fact] = []
        if let offset = replication.offset { facts.append(Fact("offset", "\(offset)", weight: 3)) }
        if node.isReplica {
            let isUp = replication.isLinkUp ?? false
            let since = replication.linkDownSeconds.map { " for \(Amounts.span(seconds: $0))" } ?? ""
            facts.append(
                Fact("link", isUp ? "up" : "down\(since)", weight: 7, level: isUp ? .good : .warning))
        } else {
            let online = replication.replicas.count { $0.state == "online" }
            facts.append(Fact("replicas", "\(online) of \(replication.replicas.count) in step", weight: 5))
        }
        return facts
    }

    private func diskFacts(_ info: ServerInfo) -> [Fact] {
        let disk = info.persistence
        if let failure = disk.failure { return [Fact("disk", failure, weight: 8, level: .warning)] }
        if disk.isSaving { return [Fact("disk", "saving", weight: 4)] }
        return disk.isAppending ? [Fact("disk", "append-only file", weight: 3)] : []
    }
}
