import BasicNodes
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

/// What a client of the traffic holds the cluster to.
@Suite(.timeLimit(.minutes(10))) struct TrafficMemoryTests {
    /// What a node answers to a read of `k`, where `value` was written; nil for no such key.
    private func answer(_ value: String?, _ body: (GetAnswer) throws -> Void) async throws {
        let cluster = BasicCluster(names: .short)
        let nodes = [try await BasicNode.start(cluster), try await BasicNode.start(cluster)]
        cluster.place(nodes.map(\.address), shardCount: 1)
        try await NodeTransport.with { transport in
            let client = ClusterClient(nodes: nodes.map { NodeAddress($0.address)! }, transport: transport)
            if let value { _ = try await client.put("k", value: .string(value)) }
            try body(try await client.get("k"))
        }
        for node in nodes { await node.die() }
    }

    @Test func `what was written may be read, and nothing else`() async throws {
        var memory = TrafficMemory()
        memory.willWrite(.string("1"), to: "k")
        memory.wasWritten(.string("1"), to: "k")
        try await answer("1") { #expect(memory.problem($0, of: "k") == nil) }
        try await answer("other") { answer in
            let problem = memory.problem(answer, of: "k")
            #expect(problem?.hasPrefix("k holds \"other\" through ") == true)
            #expect(problem?.hasSuffix("where \"1\" was written") == true)
        }
        try await answer(nil) { #expect(memory.problem($0, of: "k")?.hasPrefix("k is missing through ") == true) }
    }

    @Test func `of a key that was never written everything may be read`() async throws {
        let memory = TrafficMemory()
        try await answer("any") { #expect(memory.problem($0, of: "k") == nil) }
        try await answer(nil) { #expect(memory.problem($0, of: "k") == nil) }
    }

    @Test func `a write that nobody answered for may be read, before and after another was answered`() async throws {
        var memory = TrafficMemory()
        memory.willWrite(.string("1"), to: "k")
        memory.wasWritten(.string("1"), to: "k")
        memory.willWrite(.string("lost"), to: "k")
        try await answer("lost") { #expect(memory.problem($0, of: "k") == nil) }
        try await answer("1") { #expect(memory.problem($0, of: "k") == nil) }
        memory.willWrite(.string("2"), to: "k")
        memory.wasWritten(.string("2"), to: "k")
        try await answer("lost") { #expect(memory.problem($0, of: "k") == nil) }
        try await answer("2") { #expect(memory.problem($0, of: "k") == nil) }
        try await answer("1") { #expect(memory.problem($0, of: "k") != nil, "it was overwritten for certain") }
    }

    @Test func `what is open of one key excuses nothing of another`() async throws {
        var memory = TrafficMemory()
        memory.willWrite(.string("x"), to: "other")
        memory.willWrite(.string("1"), to: "k")
        memory.wasWritten(.string("1"), to: "k")
        try await answer("x") { #expect(memory.problem($0, of: "k") != nil) }
    }
}
