import ShardCore
import ShardSim
import Testing

@testable import ShardSim

/// Contexts of a cluster whose nodes have all lost their memory, and whose id was not settled when it gave them: they
/// say nothing that would tell it from the cluster that is founded in its place.
@Suite struct LostEpochTests {
    private let nodes = (1...4).map(SimulatedCluster.address)

    /// A context of the second epoch, as it was given while nobody could say which draw would prevail.
    private func contextOfLostCluster(_ cluster: SimulatedCluster) throws -> CausalContext {
        try reshard(cluster, to: 2, at: nodes[0])
        guard case .created(var context, _)? = cluster.ask(.put(key: "k", value: [0x31], context: .empty), at: nodes[0])
        else {
            Issue.record("no write")
            throw CancellationError()
        }
        context.cluster &= 0xFFFF_FFFF_0000_0000
        for node in nodes { cluster.crash(node) }
        // What they sent last is lost.
        cluster.run(milliseconds: 1_000)
        return context
    }

    private func read(_ context: CausalContext, at node: NodeAddress, _ cluster: SimulatedCluster) -> Reply? {
        cluster.ask(.get(key: "k", context: context), at: node, withinMilliseconds: 20_000)
    }

    @Test func aContextOfAnEpochThatIsGoneIsToBeginAnew() throws {
        let cluster = founded(seed: 3, count: 4, shardCount: 1)
        let context = try contextOfLostCluster(cluster)
        for node in nodes { cluster.start(node, view: nodes, shardCount: 1) }
        #expect(settle(cluster))
        for node in nodes { #expect(read(context, at: node, cluster) == .refused(.contextOfAnotherCluster)) }
    }

    /// The node that is down may be in that epoch.
    @Test func whileANodeIsDownItIsWaitedFor() throws {
        let cluster = founded(seed: 3, count: 4, shardCount: 1)
        let context = try contextOfLostCluster(cluster)
        for node in nodes.dropLast() { cluster.start(node, view: nodes, shardCount: 1) }
        #expect(settle(cluster))
        #expect(read(context, at: nodes[0], cluster) == .refused(.dependenciesNotMet))
    }

    /// What a node keeps for an epoch that it has not reached goes with who sent it.
    @Test func messagesOfAnEpochThatIsGoneAreNotKept() throws {
        let kept = "messages of a later epoch"
        func keepers(_ cluster: SimulatedCluster) -> [NodeAddress] {
            nodes.filter { cluster.replica(of: $0)?.openWork.contains(kept) == true }
        }
        var found = 0
        for seed in 1...20 {
            let cluster = founded(seed: UInt64(seed), count: 4, shardCount: 1)
            try reshard(cluster, to: 2, at: nodes[0])
            for node in nodes.dropFirst() { cluster.crash(node) }
            for node in nodes.dropFirst() { cluster.start(node, view: nodes, shardCount: 1) }
            for key in ["a", "b", "c", "d"] {
                _ = cluster.submit(.put(key: key, value: [0x31], context: .empty), to: nodes[0])
            }
            guard cluster.run(untilMilliseconds: 500, { !keepers(cluster).isEmpty }) else { continue }
            cluster.crash(nodes[0])
            cluster.start(nodes[0], view: nodes, shardCount: 1)
            cluster.run(milliseconds: 8_000)
            let epochs = nodes.compactMap { cluster.replica(of: $0)?.recordInForce.layout.epoch }
            if epochs == [1, 1, 1, 1] { found += 1 }
            #expect(keepers(cluster).isEmpty, "seed \(seed)")
        }
        #expect(found > 0, "no seed kept a message of an epoch that went")
    }
}
