import BasicNodes
import ClusterModel
import Foundation
import ShardClient
import ShardCore
import ShardWire
import Testing

@Suite struct FullNodeTests {
    private func withScripted(
        _ count: Int, _ body: @Sendable ([Script], [NodeAddress], PollingSource) async throws -> Void
    ) async throws {
        let scripts = (0..<count).map { _ in Script() }
        var nodes: [BasicNode] = []
        for script in scripts { nodes.append(try await script.start()) }
        let addresses = nodes.map(\.nodeAddress)
        for script in scripts { script.change { $0.peers = addresses } }
        try await NodeTransport.with { transport in
            try await body(
                scripts, addresses, PollingSource(seeds: [addresses[0]], transport: transport, configuration: .patient))
        }
        for node in nodes { await node.die() }
    }

    private func progress(
        _ operation: String, by coordinator: NodeAddress, toEpoch: UInt64, _ phase: ReshardProgress.Phase
    ) -> ReshardProgress {
        ReshardProgress(
            operation: operation, kind: .reshard, coordinator: coordinator, fromEpoch: toEpoch - 1, toEpoch: toEpoch,
            fromShardCount: 2, toShardCount: 3, phase: phase, startedMilliseconds: 1)
    }

    @Test func `peers are found and told in full`() async throws {
        try await withScripted(3) { _, addresses, source in
            let found = try await snapshot(of: source) { $0.nodes.count == 3 && $0.nodes.allSatisfy(\.isReachable) }
            for node in found.nodes {
                guard case .full(let state) = node.answer else {
                    Issue.record("\(node.address) is not told in full")
                    continue
                }
                #expect(state.replica.address == node.address)
            }
            #expect(await source.capabilities == .full)
            #expect(found.nodes.map(\.address) == addresses.sorted())
        }
    }

    /// As one does that opens its port between the first requests, or is busy for a moment.
    @Test func `a node that misses the question for its state at first is told in full later`() async throws {
        let script = Script()
        let node = try await script.start()
        script.change { state in
            state.peers = [node.nodeAddress]
            state.other["GET /view"] = (200, "{\"view\":[\"\(node.nodeAddress)\"]}")
        }
        node.behave(.silentOn(path: "/shardnode/v1/state"))
        try await NodeTransport.with { transport in
            var configuration = PollingSource.Configuration()
            configuration.timeoutMilliseconds = 300
            let source = PollingSource(seeds: [node.nodeAddress], transport: transport, configuration: configuration)
            let first = try await snapshot(of: source) { $0.nodes[0].isReachable }
            #expect(first.nodes[0].basic != nil, "it is shown by what it answers")
            node.behave(.prompt)
            let later = try await snapshot(of: source) { $0.nodes[0].isReachable && $0.nodes[0].basic == nil }
            guard case .full = later.nodes[0].answer else { return #expect(Bool(false)) }
        }
        await node.die()
    }

    @Test func `the coordinator's word counts, and a running change before the one that ended`() async throws {
        try await withScripted(3) { scripts, addresses, source in
            scripts[0].change { $0.reshard[addresses[0]] = progress("2.1", by: addresses[2], toEpoch: 2, .done) }
            scripts[1].change { $0.reshard[addresses[1]] = progress("3.1", by: addresses[2], toEpoch: 3, .freeze) }
            scripts[2].change { $0.reshard[addresses[2]] = progress("3.1", by: addresses[2], toEpoch: 3, .collate) }
            let found = try await snapshot(of: source) { $0.nodes.count == 3 && $0.nodes.allSatisfy(\.isReachable) }
            #expect(found.reshard?.operation == "3.1")
            #expect(found.reshard?.phase == .collate)
            #expect(found.inferred == nil)
        }
    }

    @Test func `events of all nodes come once, in order of time, also after a node started anew`() async throws {
        try await withScripted(2) { scripts, addresses, source in
            scripts[0].record("a", by: addresses[0], milliseconds: 10)
            scripts[1].record("b", by: addresses[1], milliseconds: 5)
            scripts[0].record("c", by: addresses[0], milliseconds: 20)
            _ = try await snapshot(of: source) { $0.nodes.count == 2 && $0.nodes.allSatisfy(\.isReachable) }
            #expect(await source.events().map(\.text) == ["b", "a", "c"])
            #expect(await source.events().isEmpty)
            scripts[0].change {
                $0.incarnation = 2
                $0.events = []
            }
            scripts[0].record("d", by: addresses[0], milliseconds: 30)
            _ = await source.snapshot()
            var seen: [String] = []
            for _ in 0..<100 where seen.isEmpty {
                _ = await source.snapshot()
                seen += await source.events().map(\.text)
            }
            #expect(seen == ["d"])
            #expect(await source.events().isEmpty)
        }
    }

    @Test func `a state of another format, and one that cannot be read, are said`() async throws {
        try await withScripted(2) { scripts, addresses, source in
            _ = try await snapshot(of: source) { $0.nodes.count == 2 && $0.nodes.allSatisfy(\.isReachable) }
            scripts[0].change { $0.stateAnswer = (200, #"{"format":2,"replica":{}}"#) }
            scripts[1].change { $0.stateAnswer = (200, #"{"format":1,"replica":{}}"#) }
            let found = try await snapshot(of: source) { $0.nodes.allSatisfy { !$0.isReachable } }
            #expect(found.node(addresses[0])?.problem?.contains("format 2") == true)
            #expect(found.node(addresses[1])?.problem?.contains("cannot be read") == true)
        }
    }

    @Test func `a refusal comes with the node's words, and another reshard as try again later`() async throws {
        try await withScripted(1) { scripts, addresses, source in
            scripts[0].change {
                $0.other["DELETE /shardnode/v1/reshard"] = (409, #"{"error":"no reshard runs"}"#)
                $0.other["GET /shardnode/v1/reshard/plan?shard-count=9"] = (400, #"{"error":"too few nodes"}"#)
            }
            scripts[0].change { $0.other["PUT /shard/reshard"] = (409, #"{"error":"reshard 2.1 runs"}"#) }
            await #expect(throws: ClientError.refused(node: addresses[0], status: 409, reason: "no reshard runs")) {
                try await source.abortReshard()
            }
            let later = ClientError.tryAgainLater(node: addresses[0], status: 409, reason: "reshard 2.1 runs")
            await #expect(throws: later) {
                try await source.reshard(shardCount: 3)
            }
            await #expect(throws: ClientError.refused(node: addresses[0], status: 400, reason: "too few nodes")) {
                _ = try await source.planReshard(shardCount: 9)
            }
        }
    }

    @Test func `a node in no shard is taken out of the view, and one in a shard is not`() async throws {
        try await withScripted(2) { scripts, addresses, polling in
            // What is asked nevertheless shows by these words.
            for script in scripts { script.change { $0.other["DELETE /view"] = (400, #"{"error":"asked"}"#) } }
            let source = ShardnodeSource(polling)
            let kept = await #expect(throws: ClientError.self) {
                try await source.perform(.removeMember(MemberID(addresses[1])), seen: nil)
            }
            #expect(kept?.description.hasPrefix("\(addresses[1]) is in shard 0 and holds its keys") == true)
            let spare = NodeAddress("127.0.0.1:1")!
            for script in scripts { script.change { $0.spare = spare } }
            let first = addresses.sorted()[0]
            await #expect(throws: ClientError.refused(node: first, status: 400, reason: "asked")) {
                try await source.perform(.removeMember(MemberID(spare)), seen: nil)
            }
        }
    }

    @Test func `a node that does not know the token refuses, and is not silent`() async throws {
        try await withScripted(1) { scripts, _, source in
            scripts[0].change {
                $0.stateAnswer = (401, #"{"error":"This node does not know the token"}"#)
                $0.other["GET /view"] = $0.stateAnswer
            }
            let found = await source.snapshot()
            #expect(found.nodes.map(\.isRefusing) == [true])
            #expect(Cluster(found).members.first?.isRefusing == true)
            scripts[0].change { $0.stateAnswer = nil }
            _ = try await snapshot(of: source) { $0.nodes.allSatisfy { $0.isReachable && $0.isRefusing == nil } }
        }
    }

    @Test func `what was seen is done, and nothing else where the cluster has changed since`() async throws {
        try await withScripted(1) { scripts, addresses, polling in
            func plan(_ shards: [[NodeAddress]]) -> ReshardPlan {
                ReshardPlan(
                    fromShardCount: 1, toShardCount: 2, seed: 1, seedsTried: 1, seedTries: [], placement: .hashed,
                    shards: shards, moves: [])
            }
            let now = plan([[addresses[0]], []])
            let body = String(decoding: try JSONEncoder().encode(now), as: UTF8.self)
            scripts[0].change {
                $0.other["GET /shardnode/v1/reshard/plan?shard-count=2"] = (200, body)
                $0.other["PUT /shard/reshard"] = (409, #"{"error":"reshard 2.1 runs"}"#)
            }
            let source = ShardnodeSource(polling)
            await #expect(throws: ClientError.planOutdated) {
                try await source.perform(.shardCount(2), seen: Plan(plan([[], [addresses[0]]])))
            }
            // It gets as far as the node, which says no for a reason of its own.
            let busy = ClientError.tryAgainLater(node: addresses[0], status: 409, reason: "reshard 2.1 runs")
            await #expect(throws: busy) {
                try await source.perform(.shardCount(2), seen: Plan(now))
            }
        }
    }
}
