import ClientTLS
import PaperCluster
import Synchronization
import Testing
import ValkeyClient

@Suite(.timeLimit(.minutes(1))) struct ServersTests {
    private static let echo: @Sendable ([String]) -> OddServer.Answer = {
        .value(.array($0.map { .bulk(Array($0.utf8)) }))
    }

    private func isOK(_ servers: Servers, _ server: ServerAddress, lane: Int = 0) async -> Bool {
        (try? await servers.send(Command("PING"), to: server, lane: lane, within: .seconds(30)))?.isOK == true
    }

    private func error(_ body: () async throws -> Void) async -> ServerError? {
        do { try await body() } catch { return error as? ServerError }
        return nil
    }

    @Test func `gives replies in order to many at once`() async throws {
        let server = try await OddServer.greeting(Self.echo)
        let servers = try Servers()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let commands = (0..<3).map { Command("ECHO", "\(number)", "\($0)") }
                    let replies = try await servers.send(
                        commands, to: server.address, lane: 0, within: .seconds(30))
                    #expect(
                        replies.map { $0.elements?.map { $0.text ?? "" } ?? [] }
                            == (0..<3).map { ["ECHO", "\(number)", "\($0)"] })
                }
            }
            try await group.waitForAll()
        }
        #expect(server.connections == 1)
        #expect(servers.bytesExchanged > 200 * 3 * 20)
        // What one call sends stands together.
        let sent = server.commands.map { $0[1] }
        #expect(stride(from: 0, to: sent.count, by: 3).allSatisfy { Set(sent[$0..<($0 + 3)]).count == 1 })
    }

    @Test func `keeps lanes apart`() async throws {
        let server = try await OddServer.greeting { $0.first == "WAIT" ? .nothing : .value(.simple("OK")) }
        let servers = try Servers()
        let waiting = Task {
            try await servers.send(Command("WAIT"), to: server.address, lane: 0, within: .seconds(50))
        }
        try await awaitCondition { !server.commands.isEmpty }
        #expect(await isOK(servers, server.address, lane: 1))
        #expect(server.connections == 2)
        waiting.cancel()
        #expect(await error { _ = try await waiting.value }?.kind == .cancelled)
    }

    @Test func `gives up by its limit and goes on with a new connection`() async throws {
        let server = try await OddServer.greeting { $0.first == "STALL" ? .nothing : .value(.simple("OK")) }
        let servers = try Servers()
        #expect(await isOK(servers, server.address))
        let stalled = await error {
            _ = try await servers.send(Command("STALL"), to: server.address, within: .milliseconds(50))
        }
        #expect(stalled?.kind == .silent)
        #expect(stalled?.mayHaveHappened == true)
        #expect(await isOK(servers, server.address))
        #expect(server.connections == 2)
    }

    @Test func `is silent where nobody greets`() async throws {
        let server = try await OddServer.answering { _ in .nothing }
        let servers = try Servers()
        let silent = await error {
            _ = try await servers.send(Command("SET", "k", "v"), to: server.address, within: .seconds(1))
        }
        #expect(silent?.kind == .silent)
        #expect(silent?.mayHaveHappened == false)
    }

    @Test func `heeds cancellation at any time`() async throws {
        let server = try await OddServer.greeting { _ in .nothing }
        let servers = try Servers()
        for number in 0..<50 {
            let task = Task {
                try await servers.send(
                    Command("STALL", "\(number)"), to: server.address, lane: number % 2, within: .seconds(50))
            }
            if number.isMultiple(of: 3) { await Task.yield() }
            task.cancel()
            #expect(await error { _ = try await task.value }?.kind == .cancelled)
        }
    }

    @Test func `comes back after a loss`() async throws {
        let server = try await OddServer.greeting {
            $0.first == "QUIT" ? .last(Array("$5\r\nab".utf8)) : .value(.simple("OK"))
        }
        let servers = try Servers()
        let lost = await error {
            _ = try await servers.send(Command("QUIT"), to: server.address, within: .seconds(30))
        }
        #expect(lost?.kind == .lost)
        #expect(lost?.what == "the connection ended in the middle of an answer")
        #expect(lost?.mayHaveHappened == true)
        #expect(await isOK(servers, server.address))
    }

    @Test(arguments: [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"), ("<!DOCTYPE HTML>", "HTTP"), ("SSH-2.0-x\r\n", "SSH"),
        ("220 mail.example ESMTP\r\n", "neither as Valkey nor as Redis"),
        ("\u{15}\u{03}\u{03}\u{00}\u{02}", "speaks TLS"),
    ])
    func `names what speaks another protocol`(answer: String, words: String) async throws {
        let server = try await OddServer.answering { _ in .last(Array(answer.utf8)) }
        let servers = try Servers()
        let other = await error {
            _ = try await servers.send(Command("PING"), to: server.address, within: .seconds(30))
        }
        #expect(other?.kind == .wrongProtocol)
        #expect(other?.what.contains(words) == true, "\(other as Any)")
    }

    @Test(arguments: ["-ERR unknown command\r\n", "", "HTTP/1.1 400 Bad Request\r\n\r\n"])
    func `names plain text where TLS was spoken`(answer: String) async throws {
        // One says so at once, one says nothing to what is no line, one is for browsers.
        let server = try await OddServer.answering { command in
            command.isEmpty && answer.isEmpty ? .nothing : .text(answer.isEmpty ? "-NOAUTH\r\n" : answer)
        }
        let servers = try Servers(login: ServerLogin(tls: ServerTLS(insecure: true)))
        let plain = await error {
            _ = try await servers.send(Command("PING"), to: server.address, within: .seconds(30))
        }
        #expect(plain?.kind == .wrongProtocol)
        #expect(plain?.what.contains(answer.hasPrefix("HTTP") ? "HTTP" : "plain text") == true, "\(plain as Any)")
    }

    @Test(arguments: [
        ("*1\r\n*1\r\n*1\r\n*1\r\n", "nested deeper"), ("$9999999\r\n", "a text of 9999999 bytes"),
        ("+OK\n", "does not end as lines do"), ("*999\r\n", "elements"), ("\u{0}\u{1}", "cannot begin"),
    ])
    func `closes the connection on what breaks the protocol`(answer: String, words: String) async throws {
        var limits = ConnectionLimits()
        limits.replies.depthMax = 3
        limits.replies.bulkBytesMax = 1_000
        limits.replies.elementsMax = 100
        let server = try await OddServer.greeting { $0.first == "BREAK" ? .text(answer) : .value(.simple("OK")) }
        let servers = try Servers(limits: limits)
        let broken = await error {
            _ = try await servers.send(Command("BREAK"), to: server.address, within: .seconds(30))
        }
        #expect(broken?.kind == .broken)
        #expect(broken?.what.contains(words) == true, "\(broken as Any)")
        #expect(await isOK(servers, server.address))
        #expect(server.connections == 2)
    }

    @Test func `takes no reply for that of another command`() async throws {
        let server = try await OddServer.greeting { .text($0.first == "TWICE" ? ":1\r\n:2\r\n" : "+OK\r\n") }
        let servers = try Servers()
        let reply = try await servers.send(Command("TWICE"), to: server.address, within: .seconds(30))
        #expect(reply == .integer(1))
        #expect(await isOK(servers, server.address))
        #expect(server.connections == 2)
    }

    @Test func `skips messages that nobody asked for`() async throws {
        let server = try await OddServer.greeting { _ in .text(">2\r\n+invalidate\r\n_\r\n+OK\r\n") }
        let servers = try Servers()
        #expect(await isOK(servers, server.address))
    }

    @Test func `closes the longest idle connection for a new one`() async throws {
        var limits = ConnectionLimits()
        limits.connectionsMax = 2
        let server = try await OddServer.greeting { $0.first == "STALL" ? .nothing : .value(.simple("OK")) }
        let servers = try Servers(limits: limits)
        for lane in 0..<6 {
            #expect(await isOK(servers, server.address, lane: lane))
            #expect(servers.connectionCount <= 2)
        }
        let busy = (0..<2).map { lane in
            Task { try await servers.send(Command("STALL"), to: server.address, lane: lane, within: .seconds(50)) }
        }
        try await awaitCondition { server.commands.count { $0 == ["STALL"] } == 2 }
        let refused = await error {
            _ = try await servers.send(Command("PING"), to: server.address, lane: 9, within: .seconds(30))
        }
        #expect(refused?.kind == .notNow)
        servers.close()
        for task in busy { #expect(await error { _ = try await task.value }?.kind == .cancelled) }
        #expect(
            await error { _ = try await servers.send(Command("PING"), to: server.address, within: .seconds(30)) }?
                .kind == .cancelled)
    }

    @Test func `closes what is idle for long`() async throws {
        var limits = ConnectionLimits()
        limits.idle = .milliseconds(30)
        let server = try await OddServer.greeting { _ in .value(.simple("OK")) }
        let servers = try Servers(limits: limits)
        #expect(await isOK(servers, server.address))
        try await awaitCondition { servers.connectionCount == 0 }
    }

    @Test func `dials a server elsewhere than it announces itself`() async throws {
        let server = try await OddServer.greeting { _ in .value(.simple("OK")) }
        let announced = ServerAddress(host: "announced.invalid", port: 7_000)
        let servers = try Servers(detours: [announced: server.address])
        #expect(await isOK(servers, announced))
    }

    @Test func `reads no long answer to its greeting`() async throws {
        for flood in ["$1000000\r\n", "*100000\r\n", "%600\r\n", String(repeating: "*1\r\n", count: 9)] {
            let server = try await OddServer.answering { _ in .text(flood) }
            let servers = try Servers()
            let refused = await error {
                _ = try await servers.send(Command("PING"), to: server.address, within: .seconds(30))
            }
            #expect(refused?.kind == .broken, "\(refused as Any)")
        }
    }

    @Test func `says where nobody listens`() async throws {
        let server = try await OddServer.greeting { _ in .nothing }
        let gone = server.address
        try await server.close()
        let servers = try Servers()
        let refused = await error { _ = try await servers.send(Command("PING"), to: gone, within: .seconds(30)) }
        #expect(refused?.kind == .unreachable)
        #expect(refused?.what.contains("connection refused") == true)
    }

    @Test func `shows no secret whatever the server repeats`() async throws {
        let login = ServerLogin(
            user: "ann", password: Secret("planted-secret"), tls: nil)
        var shown = "\(login) \(String(reflecting: login))"
        dump(login, to: &shown)
        // Servers that repeat what they do not understand, before and after the log-in.
        let parrot: @Sendable ([String]) -> OddServer.Answer = {
            .value(.error(RESPError("ERR unknown command '\($0.joined(separator: "', '"))'")))
        }
        let answers: [@Sendable ([String]) -> OddServer.Answer] = [
            parrot, { .last(Array("220 \($0)\r\n".utf8)) }, { .last(Array("-WRONGPASS \($0)\r\n".utf8)) },
        ]
        for answer in answers {
            let server = try await OddServer.answering(answer)
            let servers = try Servers(login: login)
            let refused = await error {
                _ = try await servers.send(Command("PING"), to: server.address, within: .seconds(30))
            }
            #expect(refused != nil)
            shown += "\(refused as Any) \(String(reflecting: refused))"
            dump(refused, to: &shown)
            dump(servers, to: &shown)
        }
        let server = try await OddServer.greeting(parrot)
        let servers = try Servers(login: login)
        let command = Command("MIGRATE", "h", "1", "", "0", "9", "AUTH2", "ann", "planted-secret")
        let reply = try await servers.send(command, to: server.address, within: .seconds(30))
        let refusal = try #require(reply.error)
        shown += "\(reply) \(ServerError(refusal, to: command, at: server.address)) \(command)"
        #expect(!shown.contains("planted"))
        #expect(shown.contains("127.0.0.1"))
    }
}
