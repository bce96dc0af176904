import ClusterModel
import Wording

/// A server's figures of itself, for its own page; in the order to show them in.
enum ServerFacts {
    static func all(_ info: ServerInfo, _ rates: ServerRates) -> [Fact] {
        traffic(info, rates) + server(info) + replication(info) + disk(info)
    }

    private static func server(_ info: ServerInfo) -> [Fact] {
        var facts = [Fact("version", "\(info.engine.rawValue) \(info.version ?? "")", weight: 6)]
        if let seconds = info.uptimeSeconds { facts.append(Fact("up for", Figures.span(seconds: seconds), weight: 4)) }
        if let bytes = info.memoryBytes {
            let max = info.memoryBytesMax.map { " of \(Figures.bytes($0))" } ?? ", no limit"
            let isFull = info.memoryBytesMax.map { bytes >= $0 / 20 * 19 } ?? false
            facts.append(Fact("memory", Figures.bytes(bytes) + max, weight: 8, level: isFull ? .warning : .good))
        }
        if let policy = info.evictionPolicy { facts.append(Fact("when full", policy, weight: 3)) }
        if let ratio = info.fragmentation { facts.append(Fact("fragmentation", "\(ratio)", weight: 2)) }
        return facts
    }

    private static func traffic(_ info: ServerInfo, _ rates: ServerRates) -> [Fact] {
        var facts: [Fact] = []
        if let clients = info.clients {
            let blocked = info.blockedClients.map { $0 > 0 ? ", \($0) blocked" : "" } ?? ""
            facts.append(Fact("clients", "\(clients)\(blocked)", weight: 7))
        }
        if let all = info.reads, all.count > 0, let reads = rates.reads {
            facts.append(Fact("hit rate", reads.words, weight: 7))
        }
        if let evicted = info.evictedKeys {
            let rate = rates.evictionsPerSecond ?? 0
            let now = rate > 0 ? ", \(Int(rate.rounded(.up)))/s now" : ""
            facts.append(Fact("evicted", "\(evicted)\(now)", weight: 6, level: rate > 0 ? .warning : .good))
        }
        if let expired = info.expiredKeys { facts.append(Fact("expired", "\(expired)", weight: 3)) }
        return facts
    }

    private static func replication(_ info: ServerInfo) -> [Fact] {
        guard let replication = info.replication else { return [] }
        var facts: [Fact] = []
        if let offset = replication.offset { facts.append(Fact("offset", "\(offset)", weight: 3)) }
        if replication.isReplica {
            let isUp = replication.isLinkUp ?? false
            let since = replication.linkDownSeconds.map { " for \(Figures.span(seconds: $0))" } ?? ""
            facts.append(
                Fact("link", isUp ? "up" : "down\(since)", weight: 7, level: isUp ? .good : .warning))
        } else {
            let online = replication.replicas.count { $0.state == "online" }
            facts.append(Fact("replicas", "\(online) of \(replication.replicas.count) in step", weight: 5))
        }
        return facts
    }

    private static func disk(_ info: ServerInfo) -> [Fact] {
        let disk = info.persistence
        if let failure = disk.failure { return [Fact("disk", failure, weight: 8, level: .warning)] }
        if disk.isSaving { return [Fact("disk", "saving", weight: 4)] }
        return disk.isAppending ? [Fact("disk", "append-only file", weight: 3)] : []
    }
}
