import ClusterSecurity
import Foundation
import LocalNodes
import PaperAuthority
import ShardCore
import Testing

@testable import ShardTrial

/// Secrets that are given to a node come out nowhere: not in its arguments, its log, its state, its answers.
@Suite(.timeLimit(.minutes(5))) struct SecretLeakTests {
    @Test func nothingANodeSaysHasASecretInIt() async throws {
        let folder = try PaperFolder()
        let authority = try PaperAuthority()
        let pair = try authority.pair("node", addresses: ["127.0.0.1"])
        let (token, wrongToken) = (Token.make(), Token.make())
        let secret = "planted-cluster-secret-\(UInt64.random(in: 0 ... .max))"
        var file = TokenFile()
        try file.add(TokenFile.Entry(name: "planted", role: .operate, proof: .token(token.digest)))
        try folder.write("ca.pem", authority.certificate)
        try folder.write("node.pem", pair.certificate)
        let planted = [
            token.revealed, wrongToken.revealed, token.digest.hexadecimal, secret,
            // A line of the key's text.
            String(pair.key.split(separator: "\n")[1]),
        ]
        let claims = try PortClaim.take(2, from: Int.random(in: 12_000...24_000))
        let nodes = claims.compactMap { NodeAddress("127.0.0.1:\($0.port)") }
        let lifeLine = try LifeLine()
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("shardnode").path
        func process(_ node: NodeAddress, _ arguments: [String]) -> NodeProcess {
            NodeProcess(
                address: node, program: program, arguments: ["--log-level", "trace"] + arguments,
                environment: [
                    "SOCKET_ADDRESS": "\(node)", "VIEW": nodes.map(\.description).joined(separator: ","),
                    "SHARD_COUNT": "1", "SHARDNODE_EXIT_WITH_STDIN": "1",
                ], logPath: "\(folder.path)/log", lifeLine: lifeLine)
        }
        let files = [
            "--token-file", try folder.write("tokens", file.text),
            "--cluster-secret-file", try folder.write("secret", secret),
        ]
        // One that the other does not let in: both say why.
        let stranger = process(nodes[1], ["--cluster-secret-file", try folder.write("other", secret + "-not")])
        let node = process(nodes[0], files)
        try node.start()
        try stranger.start()
        defer { for each in [node, stranger] { each.kill9() } }
        var said = ""
        for authorization in [token.revealed, wrongToken.revealed, "x"] {
            for target in ["/shardnode/v1/state", "/metrics", "/shardnode/v1/events", "/kvs/a"] {
                said += try await Self.ask(nodes[0], target, authorization)
            }
        }
        let end = ContinuousClock.now + .seconds(20)
        while !(try String(contentsOfFile: "\(folder.path)/log", encoding: .utf8).contains("not let in as a peer")) {
            try #require(ContinuousClock.now < end, "no refusal in the log")
            try await Task.sleep(for: .milliseconds(20))
        }
        said += try await Self.ask(nodes[0], "/shardnode/v1/events", token.revealed)
        for id in [node.id, stranger.id].compactMap({ $0 }) {
            said += String(decoding: try Data(contentsOf: URL(fileURLWithPath: "/proc/\(id)/cmdline")), as: UTF8.self)
        }
        node.kill9()
        // Files that cannot be used are named, and nothing of what is in them.
        for (name, text) in [
            ("tokens", "planted operate \(token.revealed)\n"), ("tokens", file.text + secret), ("secret", "short"),
        ] {
            let path = try folder.write(name, text)
            let broken = process(nodes[0], [name == "tokens" ? "--token-file" : "--cluster-secret-file", path])
            try broken.start()
            let end = ContinuousClock.now + .seconds(20)
            while broken.isRunning {
                try #require(ContinuousClock.now < end, "it runs with \(name)")
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let log = try String(contentsOfFile: "\(folder.path)/log", encoding: .utf8)
        #expect(log.contains("cannot start") && said.contains("HTTP/1.1 401") && said.contains("\"security\""))
        for (index, text) in planted.enumerated() {
            #expect(!said.contains(text) && !log.contains(text), "planted text \(index) came out")
        }
    }

    private static func ask(_ node: NodeAddress, _ target: String, _ token: String) async throws -> String {
        let end = ContinuousClock.now + .seconds(20)
        while true {
            do {
                let socket = try await RawSocket.open(to: node)
                await socket.send(
                    Array(
                        "GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \(token)\r\n\r\n"
                            .utf8))
                let answer = await socket.received(within: .seconds(10)) { _ in false }
                await socket.close()
                return answer
            } catch  where ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
