import ClusterModel
import LocalServers
import Testing

@testable import ValkeyClient

/// Real clusters, watched.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled { await RealServers.areThere(.valkey, .redis) })
struct RealWatchTests {
    private func watching(
        _ cluster: ServerCluster, login: ServerLogin = .open,
        _ body: (ValkeySource, Servers) async throws -> Void
    ) async throws {
        try await Servers.with(login: login) { servers in
            let poller = ClusterPoller(seeds: [cluster.servers[1].address], calls: servers)
            try await body(ValkeySource(poller: poller, calls: servers), servers)
        }
    }

    /// Looks until it is as wanted; the last look where that does not come about.
    private func look(_ source: ValkeySource, until isWanted: (Cluster) -> Bool) async throws -> Cluster {
        let end = ContinuousClock.now + .seconds(30)
        var cluster = await source.snapshot()
        while !isWanted(cluster), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(50))
            cluster = await source.snapshot()
        }
        return cluster
    }

    @Test(arguments: ServerEngine.allCases)
    func `from one address everything is found, and every figure is the server's own`(engine: ServerEngine)
        async throws
    {
        try await ServerCluster.with(engine, replicasEach: 1, spares: 1) { cluster in
            let keys = (0..<60).map { Command("SET", "key\($0)", String(repeating: "x", count: 100)) }
            // Each takes its own, and says of the others that they were moved.
            for server in cluster.primaries { _ = try await server.send(keys) }
            try await watching(cluster) { source, _ in
                let seen = await source.snapshot()
                #expect(await source.outage == nil)
                #expect(seen.engine.name == (engine == .valkey ? "Valkey" : "Redis"))
                #expect(seen.nodesAll == 7 && seen.nodesUp == 7 && seen.troubles.isEmpty)
                #expect(seen.shards.map(\.members.count) == [2, 2, 2] && seen.others.count == 1)
                #expect(seen.shards.compactMap(\.slots).reduce(0, +) == 16_384)
                for server in cluster.servers {
                    let member = try #require(seen.member(MemberID(server.address.description)))
                    #expect(member.keys == (try await server.send("DBSIZE").integer).map { Int($0) })
                    let info = try #require(try await server.send("INFO").bytes.flatMap { ServerInfo($0) })
                    #expect(seen.engine.version == info.version)
                    #expect(member.role == (info.replication?.isReplica == true ? .replica : .primary))
                    #expect(member.details.contains { $0.name == "id" })
                }
                #expect(seen.keys == 60)
                let place = try await source.locate(key: "key7")
                #expect(place.slot == HashSlot(key: "key7").number)
                #expect(place.holders.first?.holding == .value)
            }
        }
    }

    @Test func `a failover is told as one, and who died comes back as a replica`() async throws {
        try await ServerCluster.with(.redis, replicasEach: 1) { cluster in
            try await watching(cluster) { source, _ in
                let before = await source.snapshot()
                let dead = MemberID(cluster.primaries[0].address.description)
                let heir = MemberID(cluster.replicas[0].address.description)
                let shard = try #require(before.member(dead)?.shard)
                await cluster.primaries[0].kill()
                let silent = await source.snapshot()
                #expect(silent.member(dead)?.isReachable == false)
                let after = try await look(source) { $0.member(heir)?.role == .primary }
                #expect(after.shards.first { $0.id == shard }?.members.first?.id == heir)
                #expect(after.member(dead)?.condition == .init(.bad, "failed"))
                try await cluster.primaries[0].start()
                let healed = try await look(source) { $0.isWhole && $0.member(dead)?.role == .replica }
                #expect(healed.member(dead)?.primary == heir)
                let events = await source.events()
                #expect(events.contains { $0.kind == .failover && $0.node == heir && $0.recordedBy == heir })
                #expect(events.contains { $0.kind == .nodeDown && $0.node == dead })
                #expect(events.contains { $0.kind == .nodeUp && $0.node == dead })
            }
        }
    }

    /// As redis-cli does it: slot by slot.
    @Test func `slots that somebody else moves one by one are a change that is not ours`() async throws {
        try await ServerCluster.with(.redis) { cluster in
            let (source, target) = (cluster.primaries[0], cluster.primaries[1])
            let (sourceID, targetID) = (try await source.id(), try await target.id())
            try await watching(cluster) { watched, _ in
                _ = await watched.snapshot()
                for slot in 0..<30 {
                    try await target.send("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", sourceID)
                    try await source.send("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", targetID)
                    if slot == 29 {
                        let open = await watched.snapshot()
                        #expect(open.change?.isOurs == false && open.change?.isOver == false)
                        #expect(open.change?.pairs.map(\.done) == [29] && open.change?.pairs.map(\.planned) == [30])
                        #expect(open.slots?.runs.first { $0.first == 29 }?.target == open.change?.pairs.first?.to)
                    }
                    for server in [target, source] {
                        try await server.send("CLUSTER", "SETSLOT", "\(slot)", "NODE", targetID)
                    }
                }
                let ended = try await look(watched) { $0.change?.isOver == true }
                #expect(ended.change?.outcome?.kind == .done && ended.change?.pairs.map(\.done) == [30])
                #expect(ended.change?.pairs.first?.from == ended.member(MemberID(source.address.description))?.shard)
                #expect(await watched.events().map(\.kind).contains(.reshardDone))
            }
        }
    }

    /// Who gives its last slot away becomes a replica of the taker by itself, and so goes into another shard.
    @Test func `a job of Valkey that somebody else began is a change that is not ours`() async throws {
        try await ServerCluster.with(.valkey) { cluster in
            let (source, target) = (cluster.primaries[0], cluster.primaries[1])
            let (from, to) = (MemberID(source.address.description), MemberID(target.address.description))
            let targetID = try await target.id()
            try await watching(cluster) { watched, _ in
                let before = await watched.snapshot()
                let slots = try #require(before.slots?.runs.first { $0.shard == before.member(from)?.shard })
                try await source.send(
                    "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "\(slots.first)", "\(slots.last)", "NODE", targetID)
                let ended = try await look(watched) { $0.change?.isOver == true && $0.member(from)?.role == .replica }
                let pair = try #require(ended.change?.pairs.first)
                #expect(ended.change?.isOurs == false && ended.change?.outcome?.kind == .done)
                #expect(ended.change?.pairs.count == 1 && pair.done == slots.count)
                #expect(pair.from == before.member(from)?.shard && pair.to == before.member(to)?.shard)
                #expect(ended.shards.count == 2 && ended.troubles.isEmpty)
            }
        }
    }

    @Test func `a user that may not ask for something is told so, and the rest is there`() async throws {
        var settings = ServerSettings()
        settings.users = [
            "eve on >word ~* +cluster|nodes +cluster|info +cluster|myid +command +hello +client +readonly"
        ]
        try await ServerCluster.with(.redis, settings: settings) { cluster in
            let login = ServerLogin(user: "eve", password: Secret("word"))
            try await watching(cluster, login: login) { source, _ in
                let seen = await source.snapshot()
                #expect(seen.shards.count == 3 && seen.keys == nil)
                let details = try #require(seen.members.first?.details.filter { $0.name == "not told" })
                #expect(details.contains { $0.value.contains("INFO") && $0.value.contains("NOPERM") })
                #expect(!"\(seen)".contains("word\""))
            }
            let wrong = ServerLogin(user: "eve", password: Secret("wrong"))
            try await watching(cluster, login: wrong) { source, _ in
                #expect(await source.snapshot().isTold == false)
                #expect((await source.outage as? ServerError)?.kind == .notPermitted)
            }
        }
    }
}
