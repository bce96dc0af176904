import ShardCore
import ShardWire
import Testing

@testable import ShardSim

/// A node without a place in a cluster whose members are all gone: it goes on with those that come in their place, or says
/// what it waits for.
@Suite struct LeftJoinerTests {
    private let nodes = (1...4).map(SimulatedCluster.address)
    private let joiner = SimulatedCluster.address(5)

    /// What the joiner still knows of its cluster when that ends.
    enum Knowledge: String, CaseIterable, Sendable { case borrowed, settled, onDisk }

    /// A cluster that has resharded once, and a node that has met it.
    private func joined(_ knowledge: Knowledge, plant: PlantedBug? = nil) throws -> SimulatedCluster {
        let cluster = founded(seed: 9, count: 4, shardCount: 2) { $0.plantedBug = plant }
        try reshard(cluster, to: 2, at: nodes[0])
        cluster.start(
            joiner, view: [nodes[0]], shardCount: nil, durability: knowledge == .onDisk ? .sync : .memory
        ) { $0.plantedBug = plant }
        let standing: Standing = knowledge == .borrowed ? .borrowed : .settled
        let hasMet = cluster.run(untilMilliseconds: 4_000) {
            guard let replica = cluster.replica(of: joiner) else { return false }
            return replica.recordInForce.layout.epoch > 0 && replica.cluster?.standing == standing
        }
        #expect(hasMet)
        if knowledge == .onDisk { cluster.run(milliseconds: 500) }
        for node in nodes { cluster.crash(node) }
        return cluster
    }

    /// The same addresses found anew. Those with the same settings may take the joiner's layout over, others cannot.
    private func foundAnew(_ cluster: SimulatedCluster, shardCount: Int, plant: PlantedBug? = nil) {
        for node in nodes {
            cluster.start(node, view: nodes, shardCount: shardCount) { $0.plantedBug = plant }
        }
    }

    private func isOneCluster(_ cluster: SimulatedCluster) -> Bool {
        Set(cluster.running.map { cluster.replica(of: $0)?.cluster }).count == 1
            && Set(cluster.running.compactMap { cluster.replica(of: $0)?.recordInForce.layout }).count == 1
            && cluster.replica(of: nodes[0])?.cluster?.standing == .settled
            && nodes.allSatisfy { cluster.replica(of: $0)?.servingState == .serving }
            && cluster.ask(.view, at: nodes[1], withinMilliseconds: 0) == .view(nodes + [joiner])
    }

    @Test(arguments: Knowledge.allCases, [100, 3_000, 20_000] as [UInt64])
    func itGoesOnWithThoseThatAreFoundedInTheirPlace(knowledge: Knowledge, gap: UInt64) throws {
        for shardCount in [1, 2] {
            let cluster = try joined(knowledge)
            cluster.run(milliseconds: gap)
            foundAnew(cluster, shardCount: shardCount)
            let isOne = cluster.run(everyMilliseconds: 50, untilMilliseconds: 10_000) { isOneCluster(cluster) }
            #expect(isOne, "\(shardCount) shards: \(cluster.running.map { cluster.replica(of: $0)?.cluster as Any })")
            // Time for all to hear each other.
            cluster.run(milliseconds: 3_000)
            // Members that took a layout over from the joiner have no votes of it: their memory went with that.
            try reshard(cluster, to: 1, at: nodes[1], force: true)
            #expect(settle(cluster))
            #expect(cluster.replica(of: joiner)?.servingState == .serving, "it has a place")
        }
    }

    @Test func withoutTheRuleItStaysApart() throws {
        let cluster = try joined(.settled, plant: .joinersStayBehind)
        foundAnew(cluster, shardCount: 1, plant: .joinersStayBehind)
        cluster.run(milliseconds: 20_000)
        #expect(!isOneCluster(cluster))
    }

    /// Some of its members are there: they know what became of it.
    @Test func itStaysWhereAMemberIsLeft() throws {
        let cluster = try joined(.settled)
        let id = cluster.replica(of: joiner)?.cluster?.id
        for node in nodes[1...] { cluster.start(node, view: Array(nodes[1...]), shardCount: 1) }
        cluster.run(milliseconds: 20_000)
        #expect(cluster.replica(of: joiner)?.cluster?.id == id)
        #expect(cluster.replica(of: nodes[1])?.cluster?.id != id)
        let wait = cluster.status(of: joiner)?.wait?.description ?? ""
        #expect(wait.hasPrefix("the members of its cluster, \(nodes[0]), "), "\(wait)")
    }

    @Test func itSaysForWhomItWaits() throws {
        let cluster = try joined(.settled)
        #expect(cluster.run(untilMilliseconds: 4_000) { cluster.status(of: joiner)?.wait != nil })
        #expect(cluster.status(of: joiner)?.wait == .members(nodes))
    }
}
