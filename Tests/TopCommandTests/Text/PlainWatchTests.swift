import BasicNodes
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct PlainWatchTests {
    @Test func `a cluster is told, then a node's death, until it is cancelled`() async throws {
        let cluster = BasicCluster(names: .short)
        let nodes = [try await BasicNode.start(cluster), try await BasicNode.start(cluster)]
        cluster.place(nodes.map(\.address), shardCount: 1)
        let seed = try #require(NodeAddress(nodes[0].address))
        let (lines, tell) = AsyncStream<String>.makeStream()
        let watch = Task {
            try await NodeTransport.with { transport in
                try await PlainWatch.run(
                    ShardnodeSource(PollingSource(seeds: [seed], transport: transport)), pollMilliseconds: 100,
                    tell: { tell.yield($0) })
            }
        }
        for await line in lines where line.hasPrefix("2 of 2 nodes up, 1 shard") { break }
        await nodes[1].die()
        for await line in lines where line.hasPrefix("node \(nodes[1].address): down") { break }
        watch.cancel()
        await #expect(throws: CancellationError.self) { try await watch.value }
        await nodes[0].die()
    }
}
