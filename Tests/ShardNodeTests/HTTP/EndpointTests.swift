import Logging
import NIOCore
import NIOPosix
import ShardCore
import Testing

@testable import ShardNode
@testable import ShardWire

/// Every row of the table of endpoints, asked of a node over a socket.
@Suite(.timeLimit(.minutes(10))) struct EndpointTests {
    @Test func everyEndpointIsAnsweredOverASocketInEachFamily() async throws {
        try await withServingNode { port in
            for endpoint in Endpoint.all {
                for path in [endpoint.path, endpoint.longPath].compactMap({ $0 }) {
                    let target = path.replacing("<id>", with: "0").replacing("<key>", with: "a")
                    let answer = try await Self.ask(port, endpoint.method, target)
                    let name = "\(endpoint.method) \(target): \(answer)"
                    #expect(!answer.contains("There is nothing at"), "\(name)")
                    // What wants a body or a query says so; everything else is answered with what was asked for.
                    let isRefused = answer.contains("The body ") || answer.contains("The query needs")
                    #expect(
                        answer.hasPrefix(isRefused ? "HTTP/1.1 400 " : "HTTP/1.1 200 ") || isAbort(endpoint), "\(name)")
                    #expect(isRefused == (endpoint.method == "PUT" || wantsMore(endpoint)), "\(name)")
                    #expect(path == "/metrics" || answer.contains("{\""), "\(name)")
                }
            }
        }
    }

    /// Nothing runs that could be aborted.
    private func isAbort(_ endpoint: Endpoint) -> Bool {
        endpoint.method == "DELETE" && endpoint.path == "/shardnode/v1/reshard"
    }

    private func wantsMore(_ endpoint: Endpoint) -> Bool {
        endpoint.method == "DELETE" && endpoint.path == "/view" || endpoint.path == "/shardnode/v1/reshard/plan"
    }

    private static func ask(_ port: Int, _ method: String, _ target: String) async throws -> String {
        let client = try await RawClient.connect(port: port)
        try await client.send("\(method) \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let answer = try #require(await client.receivedAll())
        await client.close()
        return answer
    }

    /// A node with a replica, whose fellow founder is not there and is given up after a moment.
    private func withServingNode(_ body: (Int) async throws -> Void) async throws {
        var settings = NodeSettings()
        settings.socketAddress = .init(name: "SOCKET_ADDRESS", text: "127.0.0.1:9")
        settings.view = .init(name: "VIEW", text: "127.0.0.1:9,127.0.0.1:10")
        settings.shardCount = .init(name: "SHARD_COUNT", text: "1")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let node = try await Node.start(
            configuration: try NodeConfiguration(settings), listenPort: 0, eventLoop: group.next(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let port = node.port
        #expect(
            try await eventually {
                try await Self.ask(port, "GET", "/shardnode/v1/state").contains("\"state\":\"serving\"")
            })
        do { try await body(port) } catch { Issue.record(error) }
        await node.stop()
        try await group.shutdownGracefully()
    }
}
