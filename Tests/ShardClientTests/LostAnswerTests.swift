import BasicNodes
import ShardClient
import ShardCore
import Testing

/// What the traffic of a demo goes by: whether a write may be carried out twice.
@Suite struct LostAnswerTests {
    /// A cluster of two nodes, and a client that waits so long for an answer: not long where none will come.
    private func withClient(
        timeoutMilliseconds: UInt64 = 20_000, _ body: (ClusterClient, [BasicNode]) async throws -> Void
    ) async throws {
        let cluster = BasicCluster(names: .short)
        let nodes = [try await BasicNode.start(cluster), try await BasicNode.start(cluster)]
        cluster.place(nodes.map(\.address), shardCount: 1)
        try await NodeTransport.with { transport in
            var configuration = ClusterClient.Configuration()
            configuration.timeoutMilliseconds = timeoutMilliseconds
            let client = ClusterClient(
                nodes: nodes.map { NodeAddress($0.address)! }, transport: transport, configuration: configuration)
            // So that it knows them.
            for node in client.nodes { _ = try await client.put("known", value: .string("v"), first: node) }
            try await body(client, nodes)
        }
        for node in nodes { await node.die() }
    }

    @Test func `a write that was answered comes once`() async throws {
        try await withClient { client, _ in
            let put = try await client.put("k", value: .string("v"))
            #expect(!put.mayComeTwice)
            let delete = try await client.delete("k")
            #expect(!delete.mayComeTwice)
        }
    }

    @Test func `a write whose answer was lost may come twice`() async throws {
        try await withClient(timeoutMilliseconds: 2_000) { client, nodes in
            nodes[0].behave(.silentOn(path: "/kvs/k"))
            let put = try await client.put("k", value: .string("v"), first: client.nodes[0])
            #expect(put.mayComeTwice)
            #expect(put.node == client.nodes[1])
        }
    }

    @Test func `a delete whose answer was lost may come twice`() async throws {
        try await withClient(timeoutMilliseconds: 2_000) { client, nodes in
            _ = try await client.put("k", value: .string("v"))
            nodes[0].behave(.silentOn(path: "/kvs/k"))
            let delete = try await client.delete("k", first: client.nodes[0])
            #expect(delete.mayComeTwice)
        }
    }

    @Test func `a write that never went out comes once`() async throws {
        try await withClient { client, nodes in
            await nodes[0].die()
            let put = try await client.put("k", value: .string("v"), first: client.nodes[0])
            #expect(put.node == client.nodes[1])
            // A kept connection may break under the request; the next one finds nobody there.
            let next = try await client.put("k", value: .string("w"), first: client.nodes[0])
            #expect(!next.mayComeTwice)
        }
    }
}
