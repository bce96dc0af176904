import ClusterSecurity
import PaperAuthority
import ShardCore
import Testing

@testable import ShardNode
@testable import ShardWire

/// Who may ask what, over sockets.
@Suite(.timeLimit(.minutes(5))) struct RoleTests {
    /// A token for each role, in the file of a node.
    struct Tokens {
        let folder: PaperFolder
        let path: String
        let tokens: [TokenRole: Token]

        init(_ roles: [TokenRole] = TokenRole.allCases) throws {
            folder = try PaperFolder()
            var file = TokenFile()
            var tokens: [TokenRole: Token] = [:]
            for role in roles {
                let token = Token.make()
                tokens[role] = token
                try file.add(TokenFile.Entry(name: "\(role.rawValue)er", role: role, proof: .token(token.digest)))
            }
            self.tokens = tokens
            path = try folder.write("tokens", "# who may do what\n\n" + file.text)
        }

        func header(_ role: TokenRole?) -> String {
            role.flatMap { tokens[$0] }.map { "Authorization: Bearer \($0.revealed)\r\n" } ?? ""
        }
    }

    private static let requests: [(method: String, target: String, wants: TokenRole?)] =
        Endpoint.all.flatMap { endpoint in
            [endpoint.path, endpoint.longPath].compactMap { $0 }.map {
                (
                    endpoint.method, $0.replacing("<id>", with: "0").replacing("<key>", with: "a"), endpoint.role
                )
            }
        }
        + ["/kvs/a", "/key-value-store/a"].flatMap { key -> [(String, String, TokenRole?)] in
            [("GET", key, .read), ("HEAD", key, .read), ("PUT", key, .write), ("DELETE", key, .write)]
        } + [("GET", "/nothing", .read), ("PUT", "/kvs", .read), ("HEAD", "/shardnode/v1/health", nil)]

    @Test func everyEndpointIsOpenToItsRoleAndThoseAboveAndToNobodyElse() async throws {
        let tokens = try Tokens()
        try await RunningNode.with(settings: .changed { $0.tokenFile = .init(name: "--token-file", text: tokens.path) })
        { node in
            for (method, target, wanted) in Self.requests {
                for role in [nil] + TokenRole.allCases.map(Optional.some) {
                    let status = try await Self.status(node.port, method, target, tokens.header(role))
                    let isRefused = status == 401 || status == 403
                    let mayAsk = wanted.map { wanted in role?.includes(wanted) ?? false } ?? true
                    let name = "\(method) \(target) as \(role?.rawValue ?? "nobody"): \(status)"
                    #expect(isRefused == !mayAsk, "\(name)")
                    if !mayAsk { #expect(status == (role == nil ? 401 : 403), "\(name)") }
                }
            }
            let state = try await node.value { $0.core.security.state }
            #expect(state.clients == .tokens && state.refusedRequests > 50)
        }
    }

    @Test func whatChangesTheClusterIsForOperators() {
        for (method, target, wanted) in Self.requests where method == "PUT" || method == "DELETE" {
            let isKey = target.hasPrefix("/kvs") || target.hasPrefix("/key-value-store/")
            #expect(isKey || wanted == .operate, "\(method) \(target)")
        }
    }

    @Test func aRefusalSaysWhichRoleIsWanted() async throws {
        let tokens = try Tokens()
        try await RunningNode.with(settings: .changed { $0.tokenFile = .init(name: "--token-file", text: tokens.path) })
        { node in
            let nobody = try await Self.ask(node.port, "GET", "/kvs/a", "")
            #expect(nobody.contains("\r\nWWW-Authenticate: Bearer\r\n"))
            #expect(
                nobody.contains(#"{"error":"This wants a token of role read; send it as Authorization: Bearer TOKEN"}"#)
            )
            let reader = try await Self.ask(node.port, "PUT", "/shard/reshard", tokens.header(.read))
            #expect(reader.contains("'reader' has the role read, and this wants operate"))
            let stranger = Token.make()
            let unknown = try await Self.ask(
                node.port, "GET", "/kvs/a", "Authorization: Bearer \(stranger.revealed)\r\n")
            #expect(unknown.hasPrefix("HTTP/1.1 401 ") && unknown.contains("does not know the token"))
            #expect(!unknown.contains(stranger.revealed))
            for wrong in ["Authorization: Basic YTpi\r\n", "Authorization: Bearer\r\n", "Authorization: Bearer \r\n"] {
                #expect(try await Self.status(node.port, "GET", "/kvs/a", wrong) == 401, "\(wrong)")
            }
            let lowercase = tokens.header(.read).replacing("Bearer", with: "bearer")
            #expect(try await Self.status(node.port, "GET", "/kvs/a", lowercase) == 200)
            #expect(try await Self.status(node.port, "GET", "/kvs/a", tokens.header(.read) + lowercase) == 400)
        }
    }

    @Test func aNodeWithoutTokensAsksNobody() async throws {
        try await RunningNode.with { node in
            #expect(try await Self.status(node.port, "PUT", "/kvs/a", "Content-Length: 11\r\n", #"{"value":1}"#) == 201)
            let state = try await node.value { $0.core.security.state }
            #expect(state.clients == .open && state.peers == .open && state.weaknesses.count == 2)
        }
    }

    @Test func aChangedFileIsInForceAndAnUnusableOneLeavesTheOldOne() async throws {
        let tokens = try Tokens([.read])
        let other = Token.make()
        try await RunningNode.with(settings: .changed { $0.tokenFile = .init(name: "--token-file", text: tokens.path) })
        { node in
            try tokens.folder.write("tokens", "not a line of such a file\n")
            #expect(try await eventually { try await node.value { $0.core.security.state.problem } != nil })
            #expect(try await Self.status(node.port, "GET", "/kvs/a", tokens.header(.read)) == 200)
            try tokens.folder.write("tokens", "other write sha256:\(other.digest.hexadecimal)\n", mode: 0o644)
            #expect(
                try await eventually {
                    try await node.value { $0.core.security.state.problem }?.contains("chmod 600") == true
                })
            try tokens.folder.write("tokens", "other write sha256:\(other.digest.hexadecimal)\n")
            #expect(
                try await eventually { try await Self.status(node.port, "GET", "/kvs/a", tokens.header(.read)) == 401 })
            let header = "Authorization: Bearer \(other.revealed)\r\n"
            #expect(try await Self.status(node.port, "DELETE", "/kvs/a", header) != 401)
            #expect(try await node.value { $0.core.security.state.problem } == nil)
            let events = try await node.value { $0.core.events.page(after: 0, incarnation: 0).events }
            #expect(events.contains { $0.text.contains("not in force") })
            for event in events {
                #expect(event.kind == (event.text.contains("not in force") ? .warning : .notice), "\(event.text)")
            }
        }
    }

    @Test(arguments: [
        ("", 0o600, "names nobody"), ("a read sha256:00", 0o600, "line 1"), ("a read cert", 0o644, "chmod"),
    ])
    func aNodeDoesNotStartWithAFileThatCannotBeUsed(text: String, mode: Int, words: String) async throws {
        let folder = try PaperFolder()
        let path = try folder.write("tokens", text, mode: mode)
        let error = await #expect(throws: StartError.self) {
            try await RunningNode.with(settings: .changed { $0.tokenFile = .init(name: "--token-file", text: path) }) {
                _ in
            }
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    static func ask(
        _ port: Int, _ method: String, _ target: String, _ headers: String, _ body: String = ""
    ) async throws -> String {
        let client = try await RawClient.connect(port: port)
        try await client.send("\(method) \(target) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n\(body)")
        let answer = await client.received("\r\n\r\n")
        await client.close()
        return answer
    }

    /// The answer to a GET, to the end of its body.
    static func wholeAnswer(_ port: Int, _ target: String) async throws -> String {
        let client = try await RawClient.connect(port: port)
        try await client.send("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(await eventually { client.inbox.isClosed })
        await client.close()
        return client.inbox.text
    }

    static func status(
        _ port: Int, _ method: String, _ target: String, _ headers: String, _ body: String = ""
    ) async throws -> Int {
        Int(try await ask(port, method, target, headers, body).dropFirst(9).prefix(3)) ?? 0
    }
}
