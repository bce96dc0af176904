import BasicNodes
import ClusterModel
import Foundation
import ShardClient
import ShardCore
import ShardWire
import Testing

/// What implementations in the wild write and want, one way after the other, in both families of names.
@Suite(.serialized) struct DialectTests {
    @Test(arguments: Dialect.all, BasicCluster.Names.allCases)
    func `a cluster is read, written and changed in its own dialect`(
        _ dialect: Dialect, _ names: BasicCluster.Names
    ) async throws {
        try await withBasicNodes(names, habits: dialect.habits) { cluster, nodes, transport in
            let client = ClusterClient(nodes: nodes.map(\.nodeAddress), transport: transport)
            try await useKeys(client, dialect.habits)
            #expect(nodes.allSatisfy { $0.isAlive }, "none was ended by a request")
            let source = PollingSource(seeds: [nodes[0].nodeAddress], transport: transport, configuration: .patient)
            try await readShards(source, cluster, dialect.habits)
            try await change(source, cluster, dialect.habits)
        }
    }

    /// Every node begins with another kind of request, so that its dialect is learnt from each.
    private func useKeys(_ client: ClusterClient, _ habits: Habits) async throws {
        let first = try await client.get("k0", first: client.nodes[0])
        #expect(first.value == nil && first.node == client.nodes[0])
        let gone = try await client.delete("k0", first: client.nodes[1])
        #expect(gone.outcome == .noSuchKey && gone.node == client.nodes[1])
        for (index, node) in client.nodes.enumerated() {
            let put = try await client.put("k\(index)", value: .string("v"), first: node)
            #expect(put.outcome == .created && put.node == node)
            #expect(!put.mayComeTwice || habits.noMetadataRefusal == 500)
            let read = try await client.get("k\(index)", first: node)
            #expect(read.value == .string("v"))
            let reread = try await client.get("k\(index)", context: put.context, first: node)
            #expect(reread.value == .string("v"))
        }
        let deleted = try await client.delete("k0", first: client.nodes[2])
        #expect(deleted.outcome == .deleted)
    }

    private func readShards(_ source: PollingSource, _ cluster: BasicCluster, _ habits: Habits) async throws {
        let found = try await snapshot(of: source) { $0.nodes.count == 4 && $0.nodes.allSatisfy(\.isReachable) }
        let ids = habits.ids == .names ? ["s0", "s1"] : ["0", "1"]
        var counts: [ShardID: Int] = [:]
        for node in found.nodes {
            let state = try #require(node.basic)
            #expect(state.shards.map(\.id.text) == ids)
            #expect(state.shards.allSatisfy { $0.id.isNumber == habits.writesIDsAsNumbers })
            let own = try #require(state.shards.first { $0.id == state.shard })
            let index = try #require(ids.firstIndex(of: own.id.text))
            #expect(own.members?.map(\.description) == cluster.members[index])
            counts[own.id] = own.keys
        }
        #expect(counts.values.reduce(0, +) == cluster.keyCount)
    }

    private func change(_ source: PollingSource, _ cluster: BasicCluster, _ habits: Habits) async throws {
        let joiner = try await BasicNode.start(cluster)
        cluster.join(joiner.address)
        let found = try await snapshot(of: source) { $0.node(joiner.nodeAddress)?.isReachable == true }
        #expect(found.node(joiner.nodeAddress)?.basic?.isUnplaced == true)
        let id = try #require(found.nodes.compactMap(\.basic).first { $0.shards.count == 2 }?.shards[1].id)
        try await source.addMember(joiner.nodeAddress, shard: id)
        #expect(cluster.members[1].contains(joiner.address))
        let error = await #expect(throws: ClientError.self) {
            try await source.addMember(joiner.nodeAddress, shard: id)
        }
        #expect("\(error!)".contains("answered \(habits.addMemberRefusal) '\(joiner.address) is in a shard'"))
        try await source.reshard(shardCount: 1)
        #expect(cluster.members.count == 1)
        await joiner.die()
    }
}

/// What is learnt of one node, and what a write does for it.
@Suite(.serialized) struct LearningTests {
    private func requests(
        _ habits: Habits, _ names: BasicCluster.Names, _ body: @Sendable (ClusterClient) async throws -> Void
    ) async throws -> [String] {
        try await withBasicNodes(names, count: 2, shards: 1, habits: habits) { cluster, nodes, transport in
            let client = ClusterClient(nodes: [nodes[0].nodeAddress], transport: transport)
            try await body(client)
            return cluster.keyRequests
        }
    }

    @Test(arguments: [(BasicCluster.Names.long, Habits.NoMetadata.emptyText), (.short, .null)])
    func `the usual way of a family is tried first`(
        _ names: BasicCluster.Names, _ way: Habits.NoMetadata
    ) async throws {
        let sent = try await requests(Habits { $0.noMetadata = [way] }, names) { client in
            _ = try await client.put("k", value: .string("v"))
            _ = try await client.get("k")
        }
        #expect(sent.count == 2)
    }

    @Test func `what a node takes is kept, for all kinds of requests`() async throws {
        let sent = try await requests(Habits { $0.noMetadata = [.absent] }, .short) { client in
            for _ in 0..<5 { _ = try await client.put("k", value: .string("v")) }
            for _ in 0..<5 { _ = try await client.get("k") }
            for _ in 0..<5 { _ = try await client.delete("k") }
        }
        #expect(sent.count == 3 + 15, "three ways were refused, once")
    }

    @Test func `a write that was refused with 500 goes out once more, and says so`() async throws {
        let sent = try await requests(Habits { ($0.noMetadata, $0.noMetadataRefusal) = ([.emptyText], 500) }, .short) {
            client in
            let first = try await client.put("k", value: .string("v"))
            #expect(first.mayComeTwice)
            let second = try await client.put("k", value: .string("v"))
            #expect(!second.mayComeTwice)
        }
        #expect(sent.count == 3)
    }

    @Test func `a write is never sent a third time after 500s`() async throws {
        let sent = try await requests(Habits { ($0.noMetadata, $0.noMetadataRefusal) = ([.absent], 500) }, .short) {
            client in
            let error = await #expect(throws: ClientError.self) { try await client.put("k", value: .string("v")) }
            #expect("\(error!)".contains("answered 500 'causal-metadata is invalid'"))
        }
        #expect(sent == ["PUT /kvs/k", "PUT /kvs/k"])
    }

    @Test func `of a node that refuses whatever comes, the usual way is asked alone in the end`() async throws {
        let sent = try await requests(Habits { $0.noMetadata = [] }, .short) { client in
            for _ in 0..<10 { await #expect(throws: ClientError.self) { _ = try await client.get("k") } }
        }
        #expect(sent.count == 3 * 4 + 7)
    }

    @Test(arguments: BasicCluster.Names.allCases)
    func `a node that answers 415 whatever comes is still a node`(_ names: BasicCluster.Names) async throws {
        let habits = Habits {
            ($0.noMetadata, $0.noMetadataRefusal, $0.bodilessRead) = ([], 415, .refused(status: 415))
        }
        _ = try await requests(habits, names) { client in
            for error in [
                await #expect(throws: ClientError.self) { _ = try await client.get("k") },
                await #expect(throws: ClientError.self) { _ = try await client.put("k", value: .string("v")) },
                await #expect(throws: ClientError.self) { _ = try await client.delete("k") },
            ] {
                guard case .refused(_, 415, _)? = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test func `a message never stands without its status`() {
        let node = NodeAddress("127.0.0.1:1")!
        #expect(
            "\(ClientError.refused(node: node, status: 500, reason: "Updated successfully"))"
                == "127.0.0.1:1 answered 500 'Updated successfully'")
        #expect(
            "\(ClientError.refused(node: node, status: 415, reason: ""))" == "127.0.0.1:1 answered 415 without a reason"
        )
        #expect("\(ClientError.tryAgainLater(node: node, status: 503, reason: "busy"))".contains("answered 503 'busy'"))
    }
}

extension Habits {
    /// True where the list of shards has JSON numbers.
    var writesIDsAsNumbers: Bool { ids == .numbers && idList == .json }
}
