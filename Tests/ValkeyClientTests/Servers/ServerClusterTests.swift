import Foundation
import LocalServers
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ValkeyClient

/// Real servers on this machine.
@Suite(.serialized, .enabled { await RealServers.areThere(.valkey, .redis) }) struct ServerClusterTests {
    @Test(arguments: ServerEngine.allCases)
    func `a cluster has the shape that was asked for, and none of its servers is left`(engine: ServerEngine)
        async throws
    {
        let ids = Mutex<[Int32]>([])
        try await ServerCluster.with(engine, primaries: 3, replicasEach: 1, spares: 2) { cluster in
            #expect(cluster.primaries.count == 3 && cluster.replicas.count == 3 && cluster.spares.count == 2)
            ids.withLock { $0 = cluster.servers.compactMap(\.processID) }
            let view = try #require(try await cluster.servers[7].send("CLUSTER", "NODES").text)
            let lines = view.split(separator: "\n")
            #expect(lines.count == 8)
            #expect(lines.count { $0.contains("slave") } == 3)
            #expect(lines.count { $0.contains("master") && $0.hasSuffix(" connected") } == 2)
            for (primary, replica) in zip(cluster.primaries, cluster.replicas) {
                let id = try await primary.id()
                #expect(lines.contains { $0.contains(":\(replica.port)@") && $0.contains("slave \(id)") })
            }
        }
        let ended = ids.withLock { $0 }
        #expect(ended.count == 8)
        for id in ended { #expect(kill(id, 0) != 0) }
    }

    @Test func `a replica takes the place of a primary that was killed, which comes back as its replica`() async throws
    {
        try await ServerCluster.with(.valkey, replicasEach: 1) { cluster in
            let (primary, replica) = (cluster.primaries[0], cluster.replicas[0])
            await primary.kill()
            #expect(!primary.isRunning)
            try await cluster.awaitAgreement(failing: [primary])
            #expect(try await replica.send("ROLE").elements?.first?.text == "master")
            try await primary.start()
            try await cluster.awaitAgreement()
            #expect(try await primary.send("ROLE").elements?.first?.text == "slave")
        }
    }

    @Test func `a server that is paused does not answer until it goes on`() async throws {
        try await ServerCluster.with(.redis) { cluster in
            let server = cluster.primaries[1]
            server.pause()
            #expect(server.isPaused)
            let error = await #expect(throws: ServerError.self) {
                _ = try await server.send([Command("PING")], within: .milliseconds(100))
            }
            #expect(error?.kind == .silent)
            server.goOn()
            let reply = try await server.send("PING")
            #expect(reply.text == "PONG")
        }
    }

    @Test func `keys outlive a start where data is kept`() async throws {
        var settings = ServerSettings()
        settings.keepsData = true
        try await ServerCluster.with(.redis, primaries: 1, settings: settings) { cluster in
            let server = cluster.primaries[0]
            try await server.send("SET", "key", "value")
            await server.kill()
            try await server.start()
            try await cluster.awaitAgreement()
            #expect(try await server.send("GET", "key").text == "value")
        }
    }

    @Test func `servers with a password and users let only those in, and their replicas too`() async throws {
        var settings = ServerSettings()
        settings.password = "a \"long\" secret"
        settings.users = ["reader on >word ~* +@read +ping"]
        try await ServerCluster.with(.redis, replicasEach: 1, settings: settings) { cluster in
            let server = cluster.primaries[0]
            #expect(try await server.send("ACL", "WHOAMI").text == "default")
            let login = ServerLogin(user: "reader", password: Secret("word"))
            let replies = try await Servers(login: login, requiresCluster: false).send(
                [Command("PING"), Command("CLUSTER", "INFO")], to: server.address, lane: 0, within: .seconds(5))
            #expect(replies.map { $0.error?.code ?? "" } == ["", "NOPERM"])
        }
    }

    @Test func `servers with TLS listen on a port of its own, and announce that one to clients who use it`()
        async throws
    {
        var settings = ServerSettings()
        settings.isTLS = true
        try await ServerCluster.with(.redis, replicasEach: 1, settings: settings) { cluster in
            for server in cluster.servers {
                #expect(server.address.port == server.tlsPort)
                #expect(FileManager.default.fileExists(atPath: TestCertificate.authorityPath(in: server.folder)))
            }
            let words = try await cluster.replicas[0].send("INFO", "replication").text
            #expect(words?.contains("master_link_status:up") == true)
        }
    }

    @Test func `one server more knows nobody until it joins, and ends with the others`() async throws {
        let ids = Mutex<[Int32?]>([])
        try await ServerCluster.with(.valkey, primaries: 1) { cluster in
            let alone = try await cluster.startAnother()
            let words = try await alone.send("CLUSTER", "INFO").text
            #expect(words?.contains("cluster_known_nodes:1\r") == true)
            let joined = try await cluster.startAnother(joining: true)
            let view = try await joined.send("CLUSTER", "NODES").text
            #expect(view?.contains("0-16383") == true)
            #expect(cluster.servers.suffix(2).map(\.port) == [alone.port, joined.port])
            ids.withLock { $0 = [alone.processID, joined.processID] }
        }
        for id in ids.withLock({ $0 }) {
            let ended = try #require(id)
            #expect(kill(ended, 0) != 0)
        }
    }

    @Test func `a server whose port another program took meanwhile says so when it is started again`() async throws {
        try await ServerCluster.with(.redis, primaries: 1) { cluster in
            let server = cluster.primaries[0]
            await server.kill()
            let thief = try await PortThief(server.port)
            let error = await #expect(throws: ServerTrouble.self) { try await server.start() }
            #expect(error?.words.contains("another program has its port") == true)
            try await thief.giveBack()
            try await server.start()
            #expect(server.isRunning)
        }
    }
}

/// Another program that has a port.
private struct PortThief {
    private let channel: any Channel

    init(_ port: Int) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { $0.close() }
            .bind(host: "127.0.0.1", port: port).get()
    }

    func giveBack() async throws { try await channel.close() }
}
