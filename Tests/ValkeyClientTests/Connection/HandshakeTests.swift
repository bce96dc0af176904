import PaperCluster
import Testing

@testable import ValkeyClient

@Suite struct HandshakeTests {
    private static let server = ServerAddress(host: "h", port: 1)
    private static let login = ServerLogin(user: "ann", password: Secret("hush-hush"))

    private func handshake(_ login: ServerLogin = Self.login, requiresCluster: Bool = true) -> Handshake {
        Handshake(server: Self.server, login: login, requiresCluster: requiresCluster)
    }

    private func words(_ command: Command) -> String {
        command.arguments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    private func words(_ action: Handshake.Action) -> String {
        switch action {
        case .send(let command): words(command)
        case .ready: "ready"
        case .fail(let error): error.kind.rawValue
        }
    }

    @Test func `logs in with its first command`() {
        #expect(words(handshake().first) == "HELLO 3 AUTH ann hush-hush SETNAME shardtop")
        #expect(words(handshake(ServerLogin(password: Secret("p"))).first) == "HELLO 3 AUTH default p SETNAME shardtop")
        #expect(words(handshake(.open).first) == "HELLO 3 SETNAME shardtop")
        var handshake = handshake()
        #expect(handshake.receive(OddServer.hello) == .ready)
    }

    @Test(arguments: [
        "ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `ann`, `hush-hush`",
        "NOPROTO unsupported protocol version", "NOPERM this user has no permissions to run the 'hello' command",
    ])
    func `falls back to RESP2`(error: String) {
        var handshake = handshake()
        #expect(words(handshake.receive(.error(RESPError(error)))) == "AUTH ann hush-hush")
        #expect(words(handshake.receive(.simple("OK"))) == "CLIENT SETNAME shardtop")
        #expect(words(handshake.receive(.error(RESPError("ERR unknown command")))) == "INFO server")
        #expect(handshake.receive(.bulk(Array("# Server\r\nredis_mode:cluster\r\n".utf8))) == .ready)
    }

    @Test func `gives a server of old the password alone`() {
        var handshake = handshake(ServerLogin(password: Secret("p")))
        #expect(words(handshake.receive(.error(RESPError("ERR unknown command")))) == "AUTH p")
        #expect(
            words(handshake.receive(.error(RESPError("ERR Client sent AUTH, but no password is set")))).hasPrefix(
                "CLIENT"))
        handshake = self.handshake(.open)
        #expect(words(handshake.receive(.error(RESPError("ERR unknown command")))).hasPrefix("CLIENT"))
    }

    @Test(arguments: [
        ("WRONGPASS invalid username-password pair or user is disabled.", "notPermitted"),
        ("NOAUTH HELLO must be called with the client already authenticated", "notPermitted"),
        ("DENIED Redis is running in protected mode because protected mode is enabled", "notPermitted"),
        ("ERR max number of clients reached", "notNow"), ("LOADING Redis is loading the dataset in memory", "notNow"),
    ])
    func `ends where it is refused`(error: String, kind: String) {
        var handshake = handshake()
        #expect(words(handshake.receive(.error(RESPError(error)))) == kind)
    }

    @Test func `ends on a wrong password in RESP2`() {
        var handshake = handshake()
        _ = handshake.receive(.error(RESPError("NOPROTO sorry")))
        #expect(words(handshake.receive(.error(RESPError("ERR invalid password")))) == "notPermitted")
    }

    @Test(arguments: ["standalone", "sentinel"]) func `refuses what is no clusters node`(mode: String) {
        let hello = RESPValue.map([
            .init(.simple("proto"), .integer(3)), .init(.simple("mode"), .bulk(Array(mode.utf8))),
        ])
        var handshake = handshake()
        #expect(words(handshake.receive(hello)) == "notACluster")
        handshake = self.handshake(requiresCluster: false)
        #expect(handshake.receive(hello) == .ready)
        handshake = self.handshake(.open)
        _ = handshake.receive(.error(RESPError("NOPROTO sorry")))
        _ = handshake.receive(.simple("OK"))
        #expect(words(handshake.receive(.bulk(Array("redis_mode:\(mode)\r\n".utf8)))) == "notACluster")
    }

    @Test func `refuses answers of another form`() {
        for reply in [RESPValue.simple("OK"), .array([]), .null, .bulk([1]), .map([])] {
            var handshake = handshake()
            #expect(words(handshake.receive(reply)) == "wrongProtocol")
        }
    }
}
