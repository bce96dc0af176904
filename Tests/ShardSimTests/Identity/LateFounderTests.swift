import ShardCore
import ShardSim
import Testing

@testable import ShardSim

/// Founders that start far apart, of which one was given another shard count.
@Suite struct LateFounderTests {
    /// A founder used to wait for those of its own shard alone. One of another shard that serves already, under other
    /// settings, was heard a moment later.
    @Test(arguments: 1...20) func aFounderHearsThoseOfOtherShardsBeforeItServes(seed: UInt64) {
        let cluster = SimulatedCluster(seed: seed)
        let nodes = (1...7).map(SimulatedCluster.address)
        cluster.start(nodes[1], view: nodes, shardCount: 1)
        cluster.run(milliseconds: 2_500)
        #expect(cluster.replica(of: nodes[1])?.servingState == .serving, "it waited for the others long enough")
        for node in nodes where node != nodes[1] { cluster.start(node, view: nodes, shardCount: 3) }
        var served: Set<Int> = []
        for _ in 0..<100 {
            cluster.run(milliseconds: 50)
            let serving = nodes.compactMap { cluster.replica(of: $0) }.filter { $0.servingState == .serving }
            served.formUnion(serving.map(\.recordInForce.layout.shardCount))
        }
        #expect(served == [1])
    }
}
