import BasicNodes
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct LoadTests {
    @Test func `all keys arrive, and are read back through other nodes`() async throws {
        let cluster = BasicCluster(names: .long)
        let nodes = [try await BasicNode.start(cluster), try await BasicNode.start(cluster)]
        cluster.place(nodes.map(\.address), shardCount: 1)
        try await NodeTransport.with { transport in
            let client = ClusterClient(nodes: nodes.map { NodeAddress($0.address)! }, transport: transport)
            let load = LoadRun(store: NodeKeyStore(client: client), count: 300, prefix: "k", concurrency: 16)
            let result = await load.run { _ in }
            #expect(result.keys == 300)
            #expect(result.failed == 0)
            #expect(cluster.keyCount == 300)
            #expect(await ReadBack(load: load).run() == ReadBack.Result(read: 300))
            _ = try await client.delete("k7")
            _ = try await client.put("k8", value: .string("other"))
            let spoilt = await ReadBack(load: load).run()
            #expect(spoilt.missing == 1)
            #expect(spoilt.wrong == 1)
            #expect(!spoilt.isClean)
        }
        for node in nodes { await node.die() }
    }

    /// Nodes that serve one request after another, and give up where many wait.
    @Test func `slow nodes of one thread are not drowned`() async throws {
        let cluster = BasicCluster(names: .short)
        var nodes: [BasicNode] = []
        for _ in 0..<3 {
            nodes.append(try await BasicNode.start(cluster, manner: .oneAtATime(milliseconds: 5, waitingMax: 4)))
        }
        cluster.place(nodes.map(\.address), shardCount: 1)
        try await NodeTransport.with { transport in
            var configuration = ClusterClient.Configuration()
            configuration.timeoutMilliseconds = 2_000
            let client = ClusterClient(
                nodes: nodes.map { NodeAddress($0.address)! }, transport: transport, configuration: configuration)
            let told = Locked<[LoadProgress]>([])
            let load = LoadRun(store: NodeKeyStore(client: client), count: 300, prefix: "k", concurrency: 64)
            let result = await load.run { progress in told.withLock { $0.append(progress) } }
            #expect(result.keys == 300)
            #expect(result.failed == 0)
            #expect(result.problem == nil)
            #expect(cluster.keyCount == 300)
            // All at once may be under way for a moment, before the first refusals come; not most of the time.
            let inFlight = told.withLock { $0.map(\.inFlight).sorted() }
            #expect(inFlight[inFlight.count / 2] < 64, "\(inFlight)")
        }
        for node in nodes { await node.die() }
    }

    @Test func `nodes that say nothing are told as waiting at once, and given up in the end`() async throws {
        let cluster = BasicCluster(names: .short)
        let node = try await BasicNode.start(cluster)
        cluster.place([node.address], shardCount: 1)
        try await NodeTransport.with { transport in
            let client = ClusterClient(nodes: [NodeAddress(node.address)!], transport: transport)
            _ = try await client.put("known", value: .string("before"))
            node.behave(.silent)
            let told = Locked<[LoadProgress]>([])
            let load = LoadRun(
                store: NodeKeyStore(client: client), count: 300, prefix: "k", concurrency: 64, silenceSecondsMax: 1)
            let result = await load.run { progress in told.withLock { $0.append(progress) } }
            #expect(result.isGivenUp == true)
            #expect(result.keys == 0)
            let last = try #require(told.withLock { $0.last })
            #expect(last.inFlight == 1, "no more are sent after the first")
            #expect(last.waiting == 1)
        }
        await node.die()
    }
}
