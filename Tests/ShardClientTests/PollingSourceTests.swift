import BasicNodes
import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import Testing

@Suite struct PollingSourceTests {
    @Test(arguments: BasicCluster.Names.allCases)
    func `one address leads to every node, shard and key count`(_ names: BasicCluster.Names) async throws {
        try await withBasicNodes(names) { cluster, nodes, transport in
            let client = ClusterClient(nodes: nodes.map(\.nodeAddress), transport: transport)
            for index in 0..<30 { _ = try await client.put("key\(index)", value: .string("v")) }
            let source = PollingSource(seeds: [nodes[0].nodeAddress], transport: transport, configuration: .patient)
            let found = try await snapshot(of: source) { $0.nodes.count == 4 && $0.nodes.allSatisfy(\.isReachable) }
            #expect(found.nodes.map(\.address) == nodes.map(\.nodeAddress).sorted())
            var counts: [ShardID: Int] = [:]
            for node in found.nodes {
                let state = try #require(node.basic)
                #expect(state.family.rawValue == names.rawValue)
                let own = try #require(state.shards.first { $0.id == state.shard })
                #expect(own.members?.contains(node.address) == true)
                #expect(state.shards.map(\.id) == [0, 1])
                counts[own.id] = own.keys
            }
            #expect(counts.values.reduce(0, +) == 30)
            #expect(await source.capabilities == .basic)
        }
    }

    @Test func `a slow, a silent and a garbled node delay no other and say why`() async throws {
        try await withBasicNodes(.short, count: 6) { _, nodes, transport in
            let source = PollingSource(seeds: [nodes[0].nodeAddress], transport: transport)
            _ = try await snapshot(of: source) { $0.nodes.count == 6 && $0.nodes.allSatisfy(\.isReachable) }
            nodes[1].behave(.slow(milliseconds: 60_000))
            nodes[2].behave(.silent)
            nodes[3].behave(.garbled)
            nodes[4].behave(.foreign)
            let ill = Set(nodes[1...4].map(\.nodeAddress))
            let start = try await snapshot(of: source) { _ in true }.takenMilliseconds
            // A snapshot does not wait long for a poll, so the others' may be one from before.
            let found = try await snapshot(of: source) { snapshot in
                snapshot.nodes.allSatisfy { $0.isReachable != ill.contains($0.address) }
                    && snapshot.node(nodes[5].nodeAddress)?.answeredMilliseconds ?? 0 >= start
            }
            for node in found.nodes where ill.contains(node.address) {
                #expect(node.problem?.isEmpty == false)
                #expect(node.answer != nil, "what it said last is kept")
            }
            #expect(found.node(nodes[4].nodeAddress)?.problem?.contains("404") == true)
            let well = try #require(found.node(nodes[5].nodeAddress)?.answeredMilliseconds)
            #expect(well >= start, "the others go on being polled")
        }
    }

    @Test func `a dead node stays listed, and one that left the view too`() async throws {
        try await withBasicNodes(.long) { cluster, nodes, transport in
            let source = PollingSource(seeds: [nodes[0].nodeAddress], transport: transport, configuration: .patient)
            _ = try await snapshot(of: source) { $0.nodes.count == 4 && $0.nodes.allSatisfy(\.isReachable) }
            await nodes[3].die()
            cluster.remove(nodes[3].address)
            let dead = nodes[3].nodeAddress
            let found = try await snapshot(of: source) { $0.node(dead)?.isReachable == false }
            #expect(found.node(dead)?.problem?.contains("connect") == true)
            #expect(found.nodes.count == 4)
        }
    }

    @Test(arguments: BasicCluster.Names.allCases)
    func `a reshard is started, inferred and marked so`(_ names: BasicCluster.Names) async throws {
        try await withBasicNodes(names, count: 6) { _, nodes, transport in
            let source = PollingSource(seeds: [nodes[2].nodeAddress], transport: transport, configuration: .patient)
            _ = try await snapshot(of: source) { $0.nodes.count == 6 && $0.nodes.allSatisfy(\.isReachable) }
            try await source.reshard(shardCount: 3)
            let found = try await snapshot(of: source) { snapshot in
                snapshot.nodes.allSatisfy { $0.basic?.shards.count == 3 }
            }
            #expect(found.reshard == nil, "no node tells of it")
            let change = try #require(found.inferred)
            #expect(change.state == .done)
            #expect(change.fromShardCount == 2)
            #expect(change.toShardCount == 3)
            #expect(change.asked != nil)
            // What the nodes list after the answer is that change, and no other.
            let later = try await snapshot(of: source) { _ in true }
            #expect(later.inferred == change)
        }
    }

    @Test func `a node that does not say the shards, or not its own, is no change and no joiner`() async throws {
        try await withBasicNodes(.short, count: 3, shards: 1) { cluster, nodes, transport in
            cluster.place(nodes.map(\.address), shardCount: 2)
            var configuration = PollingSource.Configuration()
            configuration.timeoutMilliseconds = 300
            let source = PollingSource(
                seeds: [nodes[0].nodeAddress], transport: transport, configuration: configuration)
            _ = try await snapshot(of: source) { $0.nodes.count == 3 && $0.nodes.allSatisfy(\.isReachable) }
            nodes[0].behave(.silentOn(path: "/shard/ids"))
            let (first, second) = (nodes[0].nodeAddress, nodes[1].nodeAddress)
            let found = try await snapshot(of: source) { $0.node(first)?.basic?.listsShards == false }
            #expect(found.node(first)?.isReachable == true)
            #expect(found.node(first)?.basic?.listedShards == nil)
            #expect(found.reshard == nil && found.inferred == nil)
            nodes[1].behave(.silentOn(path: "/shard/node-shard-id"))
            let later = try await snapshot(of: source) { $0.node(second)?.basic?.shard == nil }
            #expect(later.node(second)?.basic?.isUnplaced == false, "it is in some shard, and does not say in which")
            #expect(later.reshard == nil && later.inferred == nil)
        }
    }

    @Test(arguments: BasicCluster.Names.allCases)
    func `a refused reshard says the node's own reason`(_ names: BasicCluster.Names) async throws {
        try await withBasicNodes(names) { _, nodes, transport in
            let source = PollingSource(seeds: [nodes[0].nodeAddress], transport: transport, configuration: .patient)
            let error = await #expect(throws: ClientError.self) { try await source.reshard(shardCount: 10) }
            #expect("\(error!)".contains("Not enough nodes"))
            await #expect(throws: ClientError.self) { try await source.planReshard(shardCount: 3) }
        }
    }

    @Test func `nobody at any address is said with each one's reason`() async throws {
        try await NodeTransport.with { transport in
            let source = PollingSource(
                seeds: [NodeAddress("127.0.0.1:1")!], transport: transport, configuration: .patient)
            let found = await source.snapshot()
            #expect(found.nodes.first?.isReachable == false)
            let error = await #expect(throws: ClientError.self) { try await source.locate(key: "k") }
            #expect("\(error!)".contains("connection refused"))
        }
    }

    @Test func `a name for a node that is not its own is taken for the node`() async throws {
        try await withBasicNodes(.short) { _, nodes, transport in
            let port = nodes[0].nodeAddress.port
            let source = PollingSource(
                seeds: [NodeAddress("localhost:\(port)")!], transport: transport, configuration: .patient)
            let found = try await snapshot(of: source) { $0.nodes.count == 4 && $0.nodes.allSatisfy(\.isReachable) }
            #expect(found.nodes.map(\.address) == nodes.map(\.nodeAddress).sorted())
        }
    }
}
