import CAllocations
import Foundation
import Logging
import NIOCore
import NIOPosix
import ShardCore
import ShardWire
import Testing

@testable import ShardNode

/// How many blocks of memory a request takes on its way through the node: socket, HTTP, API, replica, answer.
///
/// Counts and not times, so they are the same on every machine. The bounds are for a build without optimization, as
/// tests are; what a release takes is well below. They are a tenth above what was counted when they were set.
@Suite(
    .serialized,
    .enabled(if: allocations_are_counted(), "memory is counted with glibc only")
)
struct AllocationTests {
    private static let requests = 500

    @Test func aReadOfAnOwnKeyStaysWithinItsBudget() async throws {
        let count = try await blocksForEach { "GET /kvs/key-\($0 % 50) HTTP/1.1\r\nHost: x\r\n\r\n" }
        #expect(count <= 21, "was 19.1")
    }

    @Test func aWriteOfAnOwnKeyStaysWithinItsBudget() async throws {
        let count = try await blocksForEach { put($0, #"{"value":"18 bytes of a value"}"#) }
        #expect(count <= 32, "was 29.2")
    }

    @Test func aContextOfSixNodesIsReadAndWrittenWithinItsBudget() throws {
        var vector = VersionVector()
        for number in 1...6 {
            vector.raise(
                Origin(node: NodeAddress("127.0.0.1:808\(number)")!, incarnation: 1 << 60, epoch: 1), to: 9_999)
        }
        let text = Array(ContextCodec.text(of: CausalContext(vector: vector, timestamp: 1 << 60, epoch: 1)).utf8)
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        let before = allocations_of_this_thread()
        for _ in 0..<Self.requests {
            output.removeAll(keepingCapacity: true)
            ContextCodec.encode(try ContextCodec.decode(text[...]), into: &output)
        }
        let count = Double(allocations_of_this_thread() - before) / Double(Self.requests)
        #expect(output == text)
        #expect(count <= 115, "was 104")
    }

    private func put(_ number: Int, _ body: String) -> String {
        "PUT /kvs/key-\(number % 50) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// The blocks that the node's loop asks for in a request, over many, once everything is warm.
    private func blocksForEach(_ request: (Int) -> String) async throws -> Double {
        var settings = NodeSettings()
        settings.socketAddress = .init(name: "SOCKET_ADDRESS", text: "127.0.0.1:9")
        settings.view = .init(name: "VIEW", text: "127.0.0.1:9,127.0.0.1:10")
        settings.shardCount = .init(name: "SHARD_COUNT", text: "1")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let node = try await Node.start(
            configuration: try NodeConfiguration(settings), listenPort: 0, eventLoop: loop,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let client = try await RawClient.connect(port: node.port)
        // Its fellow founder is not there; it is given up after a moment.
        var tries = 0
        while !client.inbox.text.contains("HTTP/1.1 201") {
            tries += 1
            try await client.send(put(0, #"{"value":0}"#))
            #expect(await eventually { client.inbox.text.components(separatedBy: "HTTP/1.1 ").count == tries + 1 })
        }
        let first = (0..<Self.requests).map { put($0, #"{"value":0}"#) } + (0..<Self.requests).map(request)
        _ = try await blocks(first, client, loop)
        // The node's ticks go on meanwhile, more of them the slower the machine: the least of some series has the fewest.
        var all = UInt64.max
        for _ in 0..<5 { all = min(all, try await blocks((0..<Self.requests).map(request), client, loop)) }
        try await client.channel.close()
        await node.stop()
        try await group.shutdownGracefully()
        return Double(all) / Double(Self.requests)
    }

    /// Sends them one right behind the other, and returns what the loop asked for until all were answered.
    private func blocks(_ requests: [String], _ client: RawClient, _ loop: any EventLoop) async throws -> UInt64 {
        let answered = client.inbox.text.components(separatedBy: "HTTP/1.1 2").count
        let before = try await loop.submit { allocations_of_this_thread() }.get()
        try await client.send(requests.joined())
        #expect(
            await eventually {
                client.inbox.text.components(separatedBy: "HTTP/1.1 2").count == answered + requests.count
            })
        return try await loop.submit { allocations_of_this_thread() }.get() - before
    }
}
