import LocalServers
import Testing
import ValkeyClient

/// Clients at work while the slots of real servers move under them, and while a primary is killed.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled { await RealServers.areThere(.valkey, .redis) })
struct MovingSlotsTests {
    private static let prefix = "shardtop-test:"

    private func withTraffic(
        _ cluster: ServerCluster, _ body: (KeyTraffic, KeyClient) async throws -> Void
    ) async throws -> KeyTraffic.Tally {
        let servers = try Servers()
        var patience = KeyClient.Patience()
        patience.total = .seconds(20)
        let client = KeyClient(servers, seeds: [cluster.addresses[0]], patience: patience)
        let traffic = KeyTraffic(clients: 32, prefix: Self.prefix, secondsToLive: 600)
        let work = Task { await traffic.run(client) }
        try await awaitCondition { traffic.figures.operations > 2_000 }
        try await body(traffic, client)
        let reached = traffic.figures.operations + 2_000
        try await awaitCondition { traffic.figures.operations > reached }
        work.cancel()
        await work.value
        let left = await traffic.cleanUp(client)
        #expect(left == 0)
        var keys: Int64 = 0
        for server in cluster.primaries where server.isRunning {
            keys += try await server.send("DBSIZE").integer ?? 0
        }
        #expect(keys == 0)
        servers.close()
        return traffic.figures
    }

    @Test func `no client sees an error while Valkey moves slots at once`() async throws {
        try await ServerCluster.with(.valkey) { cluster in
            let (source, target) = (cluster.primaries[0], cluster.primaries[1])
            let tally = try await withTraffic(cluster) { _, _ in
                for (from, to) in [(source, target), (target, source)] {
                    let id = try await to.send("CLUSTER", "MYID").text ?? ""
                    try await from.send("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "2000", "NODE", id)
                    try await awaitCondition {
                        let jobs = (try? await from.send("CLUSTER", "GETSLOTMIGRATIONS"))?.elements ?? []
                        return jobs.first?.fields?["state"]?.text == "success"
                    }
                    try await cluster.awaitAgreement()
                }
            }
            #expect(tally.failures == 0 && tally.wrong == 0 && tally.lostInFailover == 0, "\(tally.problem ?? "")")
        }
    }

    @Test func `no client sees an error while Redis moves slots key by key`() async throws {
        try await ServerCluster.with(.redis) { cluster in
            let (source, target) = (cluster.primaries[0], cluster.primaries[1])
            let tally = try await withTraffic(cluster) { traffic, _ in
                // Of the keys of the clients, so that something is on its way.
                let keys = (0..<40).map { "\(Self.prefix)\($0)" }
                let slots = Set(keys.map { HashSlot(key: $0).number }).filter { $0 < HashSlot.count / 3 }
                #expect(!slots.isEmpty)
                for slot in slots { try await move(slot, source, target, cluster, traffic) }
                for slot in slots { try await move(slot, target, source, cluster, traffic) }
            }
            #expect(tally.failures == 0 && tally.wrong == 0 && tally.lostInFailover == 0, "\(tally.problem ?? "")")
        }
    }

    private func move(
        _ slot: Int, _ source: LocalServer, _ target: LocalServer, _ cluster: ServerCluster, _ traffic: KeyTraffic
    ) async throws {
        let sourceID = try await source.send("CLUSTER", "MYID").text ?? ""
        let targetID = try await target.send("CLUSTER", "MYID").text ?? ""
        try await target.send("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", sourceID)
        try await source.send("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", targetID)
        while true {
            let keys = try await source.send("CLUSTER", "GETKEYSINSLOT", "\(slot)", "10").elements ?? []
            if keys.isEmpty { break }
            let names = keys.compactMap(\.text)
            let command = ["MIGRATE", "127.0.0.1", "\(target.port)", "", "0", "5000", "KEYS"] + names
            _ = try await source.send([Command(command)])
        }
        // The clients are to meet the open slot, whose keys have all gone ahead.
        let reached = traffic.figures.operations + 200
        try await awaitCondition { traffic.figures.operations > reached }
        for server in [target, source] + cluster.primaries.filter({ $0 !== source && $0 !== target }) {
            try await server.send("CLUSTER", "SETSLOT", "\(slot)", "NODE", targetID)
        }
    }

    @Test func `clients go on after a failover, and what it lost is told apart`() async throws {
        try await ServerCluster.with(.valkey, replicasEach: 1) { cluster in
            let primary = cluster.primaries[0]
            let tally = try await withTraffic(cluster) { _, _ in
                await primary.kill()
                try await cluster.awaitAgreement(failing: [primary])
                try await primary.start()
                try await cluster.awaitAgreement()
            }
            #expect(tally.failures == 0 && tally.wrong == 0, "\(tally.problem ?? "")")
        }
    }
}
