import ClusterModel
import LocalServers
import Testing

@testable import ValkeyClient

/// Changes of real clusters.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled { await RealServers.areThere(.valkey, .redis) })
struct RealMoveTests {
    @Test func `three shards become four and three again, with every key`() async throws {
        try await LoadedCluster.with(.valkey, spares: 1) { loaded in
            let plan = try await loaded.plan(.shardCount(4))
            #expect(plan.moving > 1_000 && plan.unit == "key")
            try await loaded.perform(.shardCount(4))
            let change = try #require(await loaded.changer.change)
            #expect(change.isDone && change.stages.map(\.name) == ["check", "plan", "migrate", "verify"])
            #expect(change.findings?.allSatisfy { $0.result == .good } == true, "\(change.findings ?? [])")
            #expect(change.pairs.filter { $0.from != $0.to }.allSatisfy { $0.done == $0.planned && $0.to == 3 })
            try await loaded.expectWhole()
            let counts = try await loaded.survey().topology.primaries.map(\.slots.count)
            #expect(counts == [4096, 4096, 4096, 4096])
            try await loaded.perform(.shardCount(3))
            try await loaded.expectWhole()
            let owners = try await loaded.survey().board { _ in 0 }.owners
            #expect(owners.count == 3)
        }
    }

    @Test func `slots move with every key where servers know no jobs`() async throws {
        try await LoadedCluster.with(.redis, spares: 1) { loaded in
            try await loaded.perform(.move(slots: 5_300...5_599, from: nil, to: 3))
            let change = try #require(await loaded.changer.change)
            #expect(change.findings?.allSatisfy { $0.result == .good } == true, "\(change.findings ?? [])")
            #expect(change.pairs.filter { $0.from != $0.to }.map(\.to) == [3, 3])
            try await loaded.expectWhole()
            let slots = try await loaded.survey().topology.node(at: loaded.cluster.spares[0].address)?.slots
            #expect(slots == SlotSet(5_300...5_599))
        }
    }

    @Test func `slots move one by one on servers that wait for their replicas`() async throws {
        try await LoadedCluster.with(.valkey, replicasEach: 1) { loaded in
            try await loaded.perform(.move(slots: 0...199, from: 0, to: 1), way: .classic)
            try await loaded.expectWhole()
            let slots = try await loaded.survey().topology.node(at: loaded.cluster.primaries[1].address)?.slots
            #expect(slots?.isSuperset(of: SlotSet(0...199)) == true)
        }
    }
}

extension Topology {
    func node(at address: ServerAddress) -> Node? { nodes.values.first { $0.address == address } }
}
