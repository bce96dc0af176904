import NIOCore
import ShardCore
import Testing

@testable import ShardNode

/// What comes over the wire, byte by byte, and what the node says to it at once.
@Suite(.timeLimit(.minutes(10))) struct RequestTableTests {
    struct Case: Sendable {
        let name: String
        let bytes: String
        /// Of all answers, in their order.
        let statuses: [Int]
        var isClosed = true
        /// Part of the last answer.
        var words = ""

        init(_ name: String, _ bytes: String, _ statuses: Int..., open: Bool = false, words: String = "") {
            self.name = name
            self.bytes = bytes
            self.statuses = statuses
            isClosed = !open
            self.words = words
        }
    }

    /// A request for a key with other headers than the usual ones.
    private static func get(_ headers: String, _ target: String = "/kvs/a", version: String = "1.1") -> String {
        "GET \(target) HTTP/\(version)\r\n\(headers)\r\n"
    }

    private static func put(_ headers: String, _ body: String = "{\"value\":1}") -> String {
        "PUT /kvs/a HTTP/1.1\r\nHost: x\r\n\(headers)\r\n\(body)"
    }

    /// With a body in chunks.
    private static func chunked(_ body: String) -> String { put("Transfer-Encoding: chunked\r\n", body) }

    private static func host(_ host: String) -> String { get("Host: \(host)\r\n") }

    static let hosts = [
        Case("no Host", get(""), 400, words: "no Host"),
        Case("two Hosts", get("Host: x\r\nHost: x\r\n"), 400, words: "twice"),
        Case("two Hosts, one in capitals", get("Host: x\r\nHOST: y\r\n"), 400),
        Case("an empty Host", host(""), 400),
        Case("a Host with a path", host("x/y"), 400),
        Case("a Host with a user", host("me@x"), 400),
        Case("two names in a Host", host("x,y"), 400),
        Case("a Host with a space", host("x y"), 400),
        Case("a Host in another script", host("köln"), 400),
        Case("a port that is none", host("x:http"), 400),
        Case("a port out of range", host("x:65536"), 400),
        Case("a port with a sign", host("x:+80"), 400),
        Case("brackets around nothing", host("[]"), 400),
        Case("brackets without end", host("[::1"), 400),
        Case("brackets around a name", host("[evil.example]"), 400),
        Case("HTTP/1.0 without Host", get("", version: "1.0"), 200),
        Case("HTTP/1.0 with a foreign Host", get("Host: evil.example\r\n", version: "1.0"), 421),
        Case("a name with dots that nobody knows", host("rebind.evil.example:8081"), 421, words: "--host-name"),
        Case("what only looks like an address", host("127.0.0.1.evil.example"), 421),
        Case("what is no address", host("256.1.1.1"), 421),
        Case("the end of a known name", host("evil.node.known.example"), 421),
        Case("an IPv4 address", host("127.0.0.1:8081"), 200, open: true),
        Case("another IPv4 address", host("10.1.2.3"), 200, open: true),
        Case("an IPv6 address", host("[::1]:8081"), 200, open: true),
        Case("an empty port", host("x:"), 200, open: true),
        Case("localhost", host("LOCALHOST:1"), 200, open: true),
        Case("a name without a dot", host("kv_node-1:8085"), 200, open: true),
        Case("a host of the view", host("Node.Known.Example:8082"), 200, open: true),
        Case("a name given by a flag", host("store.example.com"), 200, open: true),
        Case("a name of a node that came later", host("later.example"), 200, open: true),
        Case("one Host, then another", host("x") + host("evil.example"), 200, 421),
        Case(
            "one Host, then another that is known", host("x") + host("127.0.0.1") + host("x"), 200, 200, 200, open: true
        ),
        Case("a whole address as the target", get("Host: y\r\n", "http://127.0.0.1:8081/kvs/a"), 200, open: true),
        Case("a foreign one there", get("Host: x\r\n", "http://evil.example/kvs/a"), 421),
        Case("a whole address, and no Host", get("", "http://127.0.0.1/kvs/a"), 400),
        Case("a whole address of another scheme", get("Host: x\r\n", "https://x/kvs/a"), 421, words: "http://"),
        Case("a target of another kind", get("Host: x\r\n", "ftp://x/kvs/a"), 400),
        Case("a target without a slash", get("Host: x\r\n", "kvs/a"), 400),
        Case("a star", get("Host: x\r\n", "*"), 400),
    ]

    static let framing = [
        Case("HEAD of a key", "HEAD /kvs/a HTTP/1.1\r\nHost: x\r\n\r\n" + host("x"), 200, 200, open: true),
        Case("HEAD of nothing", "HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n" + host("x"), 404, 200, open: true),
        Case("HEAD of a stream", "HEAD /shardnode/v1/reshard/stream HTTP/1.1\r\nHost: x\r\n\r\n", 200, open: true),
        Case("OPTIONS of all", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        Case("a tunnel", "CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n", 405),
        Case("a method nobody knows", "FETCH /kvs/a HTTP/1.1\r\nHost: x\r\n\r\n", 501),
        Case("a method in small letters", "get /kvs/a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Case("a length of 2^63", put("Content-Length: 9223372036854775808\r\n", ""), 413),
        Case("a length of 2^64", put("Content-Length: 18446744073709551616\r\n", ""), 400),
        Case("a length of forty digits", put("Content-Length: \(String(repeating: "9", count: 40))\r\n", ""), 400),
        Case("a length below zero", put("Content-Length: -1\r\n", ""), 400),
        Case("a length with a sign", put("Content-Length: +11\r\n"), 400),
        Case("a length in hexadecimal", put("Content-Length: 0xB\r\n"), 400),
        Case("two lengths in one", put("Content-Length: 11, 11\r\n"), 400),
        Case("two lengths", put("Content-Length: 11\r\nContent-Length: 12\r\n"), 400),
        Case("the same length twice", put("Content-Length: 11\r\nContent-Length: 11\r\n"), 400),
        Case("an empty length", put("Content-Length: \r\n", ""), 400),
        Case("gzip, chunked", put("Transfer-Encoding: gzip, chunked\r\n", "1\r\na\r\n0\r\n\r\n"), 501),
        Case("chunked, gzip", put("Transfer-Encoding: chunked, gzip\r\n", ""), 400),
        Case("gzip alone", put("Transfer-Encoding: gzip\r\n", ""), 501),
        Case("identity", put("Transfer-Encoding: identity\r\n", ""), 501),
        Case("chunked twice", put("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400),
        Case(
            "chunked on two lines", put("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            400),
        Case("chunked with a word more", put("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), 501),
        Case("length and encoding", put("Content-Length: 11\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
        Case("encoding and length", put("Transfer-Encoding: chunked\r\nContent-Length: 11\r\n", "0\r\n\r\n"), 400),
        Case("HTTP/1.0 in chunks", "PUT /kvs/a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        Case(
            "Chunked in capitals", put("Transfer-Encoding: Chunked\r\n", "b\r\n{\"value\":1}\r\n0\r\n\r\n"), 201,
            open: true),
        Case("chunks with words", chunked("b;a=b;c=\"d\"\r\n{\"value\":1}\r\n0\r\nX: y\r\n\r\n"), 201, open: true),
        Case("a chunk of 2^64", chunked("10000000000000000\r\n"), 400),
        Case("a chunk of 2^63", chunked("8000000000000000\r\n" + String(repeating: "x", count: 1_100_000)), 413),
        Case("a chunk of no number", chunked("xyz\r\n"), 400),
        Case("a chunk below zero", chunked("-1\r\n"), 400),
        Case("a chunk that is longer than it says", chunked("1\r\nab\r\n0\r\n\r\n"), 400),
        Case("words of a chunk without end", chunked("1;" + String(repeating: "x", count: 600_000)), 400),
        Case(
            "many small chunks with long words",
            chunked(
                String(repeating: "1;\(String(repeating: "x", count: 500))\r\n \r\n", count: 1_000)), 400),
        Case(
            "many trailers",
            chunked(
                "1\r\n{\r\n0\r\n" + (0..<200).map { "X\($0): y\r\n" }.joined() + "\r\n"), 431),
        Case("a long trailer", chunked("1\r\n{\r\n0\r\nX: \(String(repeating: "y", count: 70_000))\r\n\r\n"), 431),
        Case("many headers", get("Host: x\r\n" + (0..<200).map { "X\($0): y\r\n" }.joined()), 431),
        Case("long headers", get("Host: x\r\nX: \(String(repeating: "y", count: 70_000))\r\n"), 431),
        Case("a long target", get("Host: x\r\n", "/kvs/" + String(repeating: "y", count: 20_000)), 414),
        Case("a very long target", get("Host: x\r\n", "/kvs/" + String(repeating: "y", count: 100_000)), 414),
        Case("an expectation", put("Content-Length: 11\r\nExpect: 100-continue\r\n"), 100, 201, open: true),
        Case("another expectation", put("Content-Length: 11\r\nExpect: tea\r\n"), 417),
        Case(
            "an expectation of HTTP/1.0",
            "PUT /kvs/a HTTP/1.0\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n"
                + "{\"value\":1}", 201),
        Case("a NUL in a header", get("Host: x\r\nX: a\u{0}b\r\n"), 400),
        Case("a bell in a header", get("Host: x\r\nX: a\u{7}b\r\n"), 400),
        Case("a NUL in the target", get("Host: x\r\n", "/kvs/a\u{0}b"), 400),
        Case("a tab in the target", get("Host: x\r\n", "/kvs/a\tb"), 400),
        Case("a folded header", get("Host: x\r\nX: a\r\n b\r\n"), 400),
        Case("a space before the colon", get("Host : x\r\n"), 400),
        Case("a space before a name", get(" Host: x\r\n"), 400),
        Case("a header without a name", get("Host: x\r\n: y\r\n"), 400),
        Case("a header without a colon", get("Host: x\r\nnothing\r\n"), 400),
        Case("a CR in a header", get("Host: x\r\nX: a\rb\r\n"), 400),
        Case("the beginning of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, words: "HTTP/1.1"),
        Case("HTTP/2 in a line", "GET /kvs/a HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        Case("HTTP/0.9", "GET /kvs/a\r\n", 400),
        Case("HTTP/1.10", "GET /kvs/a HTTP/1.10\r\nHost: x\r\n\r\n", 505),
        Case("an empty line before", "\r\n" + host("x"), 200, open: true),
        Case("a TLS handshake", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 400, words: "TLS"),
        Case("a banner of SSH", "SSH-2.0-OpenSSH_9.6\r\n", 400),
        Case("a command of Redis", "*1\r\n$4\r\nPING\r\n", 400),
    ]

    @Test func whomARequestMeansDecidesWhetherItIsServed() async throws { try await expect(Self.hosts) }

    @Test func whatCanBeReadInTwoWaysOrInNoneIsRefusedAtOnce() async throws { try await expect(Self.framing) }

    private func expect(_ cases: [Case]) async throws {
        try await RunningNode.with(
            view: "127.0.0.1:8081,127.0.0.1:8082,node.known.example:8082", hostNames: "store.example.com"
        ) { node in
            node.record.update { $0.clusterNodes = [testAddress, NodeAddress("later.example:8083")!] }
            for wanted in cases {
                let before = node.record.value.requests
                let client = try await RawClient.connect(port: node.port)
                try await client.send(wanted.bytes)
                _ = await eventually {
                    client.statuses.count >= wanted.statuses.count && (!wanted.isClosed || client.inbox.isClosed)
                }
                #expect(client.statuses == wanted.statuses, "\(wanted.name)")
                #expect(client.inbox.isClosed == wanted.isClosed, "\(wanted.name)")
                #expect(wanted.words.isEmpty || client.inbox.text.contains(wanted.words), "\(wanted.name)")
                if (wanted.statuses.last ?? 0) >= 400 {
                    #expect(client.inbox.text.contains("{\"error\":\""), "\(wanted.name)")
                }
                // Of what is refused, the store is asked nothing.
                let served = wanted.statuses.count { $0 == 200 || $0 == 201 }
                #expect(node.record.value.requests - before <= served, "\(wanted.name)")
                await client.close()
            }
        }
    }

    @Test(arguments: ["/kvs/a", "/kvs/absent", "/nothing", "/metrics"])
    func headIsAnsweredAsGetIsWithoutItsBody(_ path: String) async throws {
        try await RunningNode.with { node in
            func answer(_ method: String) async throws -> (head: Substring, body: Substring) {
                let client = try await RawClient.connect(port: node.port)
                try await client.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                let text = try #require(await client.receivedAll())
                let end = try #require(text.range(of: "\r\n\r\n"))
                return (text[..<end.lowerBound], text[end.upperBound...])
            }
            let (head, get) = (try await answer("HEAD"), try await answer("GET"))
            #expect(head.body.isEmpty && !get.body.isEmpty)
            // What the node has served changes the length of its metrics.
            if path != "/metrics" { #expect(head.head == get.head) }
            #expect(head.head.contains("Content-Length: "))
        }
    }

    struct Page: Sendable {
        let headers: String
        let isForeign: Bool
    }

    @Test(arguments: [
        Page(headers: "Origin: http://evil.example", isForeign: true), Page(headers: "Origin: null", isForeign: true),
        Page(headers: "Origin: http://127.0.0.1:9999", isForeign: true),
        Page(headers: "Origin: http://localhost:8081", isForeign: true),
        Page(headers: "Origin: https://127.0.0.1:8081", isForeign: true),
        Page(headers: "Origin: http://127.0.0.1:8081.evil.example", isForeign: true),
        Page(headers: "Origin: http://127.0.0.1:8081\r\nOrigin: http://evil.example", isForeign: true),
        Page(headers: "Sec-Fetch-Site: cross-site", isForeign: true),
        Page(headers: "Sec-Fetch-Site: same-site", isForeign: true),
        Page(headers: "Origin: http://127.0.0.1:8081\r\nSec-Fetch-Site: cross-site", isForeign: true),
        Page(headers: "Origin: http://127.0.0.1:8081\r\nSec-Fetch-Site: same-origin", isForeign: false),
        Page(headers: "Sec-Fetch-Site: none", isForeign: false), Page(headers: "X: y", isForeign: false),
    ])
    func aPageOfAnotherSiteMayReadNothingAndChangeNothing(_ page: Page) async throws {
        try await RunningNode.with { node in
            for method in ["PUT", "DELETE"] {
                let client = try await RawClient.connect(port: node.port)
                try await client.send(
                    "\(method) /kvs/a HTTP/1.1\r\nHost: 127.0.0.1:8081\r\n\(page.headers)\r\nConnection: close\r\n"
                        + "Content-Length: 11\r\n\r\n{\"value\":1}")
                let text = try #require(await client.receivedAll())
                #expect(text.hasPrefix("HTTP/1.1 403 ") == page.isForeign, "\(method)")
                #expect(!page.isForeign || text.contains("{\"error\":"))
            }
            #expect(node.record.value.requests == (page.isForeign ? 0 : 2))
            let reader = try await RawClient.connect(port: node.port)
            try await reader.send(
                "GET /kvs/a HTTP/1.1\r\nHost: 127.0.0.1:8081\r\n\(page.headers)\r\nConnection: close\r\n\r\n")
            let text = try #require(await reader.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 200 ") && !text.lowercased().contains("access-control"))
        }
    }

    @Test(arguments: [
        ("POST", "/kvs/a", "GET, HEAD, PUT, DELETE"), ("PUT", "/metrics", "GET, HEAD"),
        ("GET", "/shard/reshard", "PUT"), ("PUT", "/shardnode/v1/reshard", "GET, HEAD, DELETE"),
        ("PATCH", "/view", "GET, HEAD, PUT, DELETE"),
    ])
    func whatIsNotKnownThereSaysWhatIs(_ method: String, _ path: String, _ allowed: String) async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 405 ") && text.contains("\r\nAllow: \(allowed)\r\n"))
        }
    }

    @Test func anotherSpellingOfANodeOfTheViewIsNotAddedToIt() async throws {
        try await RunningNode.with { node in
            node.record.update { $0.clusterNodes = [testAddress, NodeAddress("node-2:8082")!] }
            for (address, isRefused) in [
                ("localhost:8081", true), ("NODE-2:8082", true), ("[::ffff:127.0.0.1]:8081", true),
                ("node-2:8083", false), ("node-2:8082", false),
            ] {
                let before = node.record.value.requests
                let body = "{\"socket-address\":\"\(address)\"}"
                let client = try await RawClient.connect(port: node.port)
                try await client.send(
                    "PUT /view HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                        + body)
                let text = try #require(await client.receivedAll())
                #expect(text.hasPrefix("HTTP/1.1 400 ") == isRefused, "\(address): \(text)")
                #expect(node.record.value.requests - before == (isRefused ? 0 : 1))
            }
        }
    }
}
