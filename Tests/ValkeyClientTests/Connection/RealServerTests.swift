import ClientTLS
import LocalServers
import Testing
import ValkeyClient

/// What servers of the real engine say to those who may not, or ask in the wrong way.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled { await RealServers.areThere(.valkey, .redis) })
struct RealServerTests {
    private func error(
        _ login: ServerLogin, _ server: ServerAddress, _ command: Command = Command("PING")
    ) async -> ServerError? {
        do throws(ServerError) {
            let servers = try Servers(login: login)
            let reply = try await servers.send(command, to: server, within: .seconds(20))
            return reply.error.map { ServerError($0, to: command, at: server) }
        } catch {
            return error
        }
    }

    private func ping(_ servers: Servers, _ server: LocalServer, lane: Int = 0) async -> ServerError.Kind? {
        do throws(ServerError) {
            let reply = try await servers.send(
                Command("PING"), to: server.address, lane: lane,
                within: server.isPaused ? .milliseconds(200) : .seconds(20))
            return reply.text == "PONG" ? nil : .refused
        } catch {
            return error.kind
        }
    }

    private func withServer(
        _ engine: ServerEngine, _ settings: ServerSettings,
        _ body: @escaping @Sendable (LocalServer) async throws -> Void
    ) async throws {
        let program = try await ServerProgram.find(engine)
        try await ServerCluster.with(program, ServerCluster.Shape(primaries: 1), settings) { cluster in
            try await body(cluster.servers[0])
        }
    }

    @Test(arguments: ServerEngine.allCases) func `names what a login lacks`(engine: ServerEngine) async throws {
        var settings = ServerSettings()
        settings.password = "planted-secret"
        settings.users = ["ann on >ann-secret ~k* +get", "bob on >bob-secret ~* +@all -hello -info"]
        try await withServer(engine, settings) { server in
            let address = server.address
            #expect(await error(.open, address)?.what.contains("NOAUTH") == true)
            #expect(await error(ServerLogin(password: Secret("planted-secret")), address) == nil)
            let wrong = ServerLogin(user: "ann", password: Secret("planted-secret"))
            #expect(await error(wrong, address)?.what.contains("WRONGPASS") == true)
            let ann = ServerLogin(user: "ann", password: Secret("ann-secret"))
            #expect(await error(ann, address, Command("CLUSTER", "NODES"))?.kind == .notPermitted)
            #expect(await error(ann, address, Command("GET", "x"))?.kind == .notPermitted)
            #expect(await error(ann, address, Command("GET", "k"))?.kind == .notNow)
            // Without HELLO it is RESP2.
            let bob = ServerLogin(user: "bob", password: Secret("bob-secret"))
            #expect(await error(bob, address) == nil)
        }
    }

    @Test func `speaks TLS`() async throws {
        var settings = ServerSettings()
        settings.isTLS = true
        try await withServer(.redis, settings) { server in
            let plain = ServerAddress(host: "127.0.0.1", port: server.port)
            let authority = TestCertificate.authorityPath(in: server.folder)
            let trusting = ServerLogin(tls: ServerTLS(authorityFile: authority))
            #expect(await error(trusting, server.address) == nil)
            #expect(await error(trusting, ServerAddress(host: "localhost", port: server.address.port)) == nil)
            #expect(await error(ServerLogin(tls: ServerTLS(insecure: true)), server.address) == nil)
            let stranger = await error(ServerLogin(tls: ServerTLS()), server.address)
            #expect(stranger?.what.contains("authority") == true, "\(stranger as Any)")
            #expect(await error(.open, server.address)?.what.contains("it speaks TLS") == true)
            #expect(await error(trusting, plain)?.what.contains("it speaks plain text") == true)
        }
    }

    @Test func `wants a certificate where the server does`() async throws {
        var settings = ServerSettings()
        settings.isTLS = true
        settings.lines = ["tls-auth-clients yes"]
        try await withServer(.redis, settings) { server in
            let folder = server.folder
            let authority = TestCertificate.authorityPath(in: folder)
            let without = await error(ServerLogin(tls: ServerTLS(authorityFile: authority)), server.address)
            #expect(without?.what == "it wants a certificate of its clients")
            let own = ServerTLS(
                authorityFile: authority, certificateFile: "\(folder)/certificate.pem", keyFile: "\(folder)/key.pem")
            #expect(await error(ServerLogin(tls: own), server.address) == nil)
        }
    }

    @Test func `names a server that stands alone`() async throws {
        var settings = ServerSettings()
        settings.lines = ["cluster-enabled no"]
        try await withServer(.redis, settings) { server in
            #expect(await error(.open, server.address)?.kind == .notACluster)
        }
    }

    @Test func `is silent while the server is paused and comes back`() async throws {
        try await withServer(.redis, ServerSettings()) { server in
            let servers = try Servers()
            #expect(await ping(servers, server) == nil)
            server.pause()
            for lane in 0..<2 {
                var found = await ping(servers, server, lane: lane)
                // The signal takes a moment to stop it where the machine is busy.
                for _ in 0..<20 where found == nil { found = await ping(servers, server, lane: lane) }
                #expect(found == .silent)
            }
            server.goOn()
            #expect(await ping(servers, server) == nil)
            await server.kill()
            #expect(await ping(servers, server) != nil)
            try await server.start()
            #expect(await ping(servers, server) == nil)
        }
    }
}

@Suite struct TLSFileTests {
    @Test func `names the file that is of no use`() throws {
        for tls in [
            ServerTLS(authorityFile: "/nowhere/a.pem"), ServerTLS(certificateFile: "/nowhere/a.pem"),
            ServerTLS(keyFile: "/nowhere/a.pem"), ServerTLS(certificateFile: "/nowhere/a.pem", keyFile: "/b"),
        ] {
            #expect { try Servers(login: ServerLogin(tls: tls)) } throws: { "\($0)".contains("/nowhere/a.pem") }
        }
    }
}
