import BasicNodes
import ShardClient
import ShardCore
import Synchronization
import Testing

@Suite struct ClusterClientTests {
    @Test(arguments: BasicCluster.Names.allCases)
    func `metadata that is an object passes to the byte from node to node`(_ names: BasicCluster.Names) async throws {
        try await withBasicNodes(names) { _, nodes, transport in
            let client = ClusterClient(nodes: nodes.map(\.nodeAddress), transport: transport)
            var context = CausalContext.none
            for index in 0..<12 {
                let answer = try await client.put("key \(index % 5)/ü", value: .string("\(index)"), context: context)
                #expect(answer.outcome == (index < 5 ? .created : .replaced))
                context = answer.context
            }
            #expect(context.json.description == #"{ "z": {"writes":12} , "a":[1.50, 1e2, "\u0041\/"]}"#)
            let read = try await client.get("key 1/ü", context: context)
            #expect(read.value == .string("11"))
            let gone = try await client.delete("key 1/ü", context: read.context)
            #expect(gone.outcome == .deleted)
            #expect(try await client.get("key 1/ü", context: gone.context).value == nil)
            #expect(try await client.delete("key 1/ü", context: gone.context).outcome == .noSuchKey)
        }
    }

    @Test func `a value comes back as it went in`() async throws {
        try await withBasicNodes(.short) { _, nodes, transport in
            let client = ClusterClient(nodes: nodes.map(\.nodeAddress), transport: transport)
            let value = try #require(JSONText(#"{"b":1.10,"a":[1E+2,"\u00e9"]}"#))
            _ = try await client.put("k", value: value)
            #expect(try await client.get("k").value == value)
        }
    }

    @Test func `a dead node is passed over`() async throws {
        try await withBasicNodes(.short) { _, nodes, transport in
            let client = ClusterClient(nodes: nodes.map(\.nodeAddress), transport: transport)
            for index in 0..<8 { _ = try await client.put("k\(index)", value: .string("v")) }
            await nodes[1].die()
            for index in 0..<8 {
                let answer = try await client.put("k\(index)", value: .string("w"), first: nodes[1].nodeAddress)
                #expect(answer.node != nodes[1].nodeAddress)
            }
        }
    }

    @Test func `a null value is refused in the node's words`() async throws {
        try await withBasicNodes(.short) { _, nodes, transport in
            let client = ClusterClient(nodes: nodes.map(\.nodeAddress), transport: transport)
            let error = await #expect(throws: ClientError.self) { try await client.put("k", value: .null) }
            #expect(
                error
                    == .refused(
                        node: nodes[0].nodeAddress, status: 400, reason: "PUT request does not specify a value"))
        }
    }

    @Test func `with patience a node that says not now is asked until that is over`() async throws {
        let puts = Atomic<Int>(0)
        let node = try await BasicNode.scripted { method, path, node in
            guard method == "PUT" else { return path == "/view" ? (200, #"{"view":["\#(node)"]}"#) : nil }
            puts.add(1, ordering: .relaxed)
            return (503, #"{"error":"Shard is down","reason":"no member of shard 1 can serve it now"}"#)
        }
        try await NodeTransport.with { transport in
            var configuration = ClusterClient.Configuration()
            configuration.pauseMilliseconds = 1
            configuration.roundsMax = 1
            configuration.patienceMilliseconds = 3_000
            let client = ClusterClient(nodes: [node.nodeAddress], transport: transport, configuration: configuration)
            // So that it is known already what listens there.
            _ = try? await client.get("k")
            let error = await #expect(throws: ClientError.self) { try await client.put("k", value: .string("v")) }
            #expect(
                error
                    == .tryAgainLater(
                        node: node.nodeAddress, status: 503,
                        reason: "Shard is down: no member of shard 1 can serve it now"))
        }
        #expect(puts.load(ordering: .relaxed) > 1, "more than a round")
        await node.die()
    }

    @Test func `nobody there is an error that names every node`() async throws {
        try await NodeTransport.with { transport in
            let client = ClusterClient(nodes: [NodeAddress("127.0.0.1:1")!], transport: transport)
            await #expect(throws: ClientError.self) { try await client.get("k") }
        }
    }
}
