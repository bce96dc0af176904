import BasicNodes
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

@Suite struct LoadTests {
    @Test func `all keys arrive, and are read back through other nodes`() async throws {
        let cluster = BasicCluster(names: .long)
        let nodes = [try await BasicNode.start(cluster), try await BasicNode.start(cluster)]
        cluster.place(nodes.map(\.address), shardCount: 1)
        try await NodeTransport.with { transport in
            let client = ClusterClient(nodes: nodes.map { NodeAddress($0.address)! }, transport: transport)
            let load = LoadRun(client: client, count: 300, prefix: "k", concurrency: 16)
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
}
