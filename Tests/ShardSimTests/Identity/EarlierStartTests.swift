import ShardCore
import Testing

@testable import ShardSim

/// A node whose clock was set back comes below its earlier start, and all who heard that one are gone: what still names it
/// is in what others keep.
@Suite struct EarlierStartTests {
    /// Long enough for a silence, for who keeps the name to tell it, and for the gap to be repaired.
    private static let boundMilliseconds: UInt64 = 8_000

    private let nodes = (1...4).map(SimulatedCluster.address)

    private func openWork(_ cluster: SimulatedCluster) -> [String] {
        cluster.running.flatMap { cluster.replica(of: $0)?.openWork ?? [] }
    }

    /// With the rule, and without: then what is named stays open.
    private static let plants: [PlantedBug?] = [nil, .namedStartsAreNotTold]

    /// It came while its receiver fetched, and asks for a write of the start that nobody heard.
    @Test(arguments: plants) func aBatchThatAsksForAWriteOfThatStartIsProcessed(plant: PlantedBug?) throws {
        let cluster = founded(seed: 9, count: 3, shardCount: 1)
        let (first, second, third) = (nodes[0], nodes[1], nodes[2])
        _ = try put(cluster, "k", 1, at: third)
        cluster.run(milliseconds: 100)
        cluster.crash(third)
        func start(_ node: NodeAddress, isBehind: Bool = false) {
            cluster.start(node, view: Array(nodes[..<3]), shardCount: 1, isBehind: isBehind) { $0.plantedBug = plant }
        }
        start(third, isBehind: true)
        #expect(cluster.run(untilMilliseconds: 1_000) { cluster.status(of: third)?.state == .catchingUp })
        _ = try put(cluster, "k", 2, at: second)
        cluster.run(milliseconds: 20)
        #expect(openWork(cluster).contains { $0.contains("out of order") }, "\(openWork(cluster))")
        // Else the second fetches the entry from the third, and repairs the gap without having the batch.
        cluster.network.partition([second], from: [third])
        for node in [first, second] {
            cluster.crash(node)
            start(node)
        }
        let isServing = cluster.run(untilMilliseconds: Self.boundMilliseconds) {
            cluster.running.allSatisfy { cluster.replica(of: $0)?.servingState == .serving }
        }
        #expect(isServing)
        cluster.network.heal()
        let isDone = cluster.run(everyMilliseconds: 50, untilMilliseconds: Self.boundMilliseconds) {
            settle(cluster, withinMilliseconds: 0) && openWork(cluster).isEmpty
        }
        #expect(isDone == (plant == nil), "\(openWork(cluster))")
    }

    /// What it depends on was lost, and who reads it is told of that.
    @Test(arguments: plants) func whoReadsWhatDependsOnAWriteOfThatStartIsAnswered(plant: PlantedBug?) throws {
        let cluster = founded(seed: 9, count: 4, shardCount: 2)
        let layout = try #require(cluster.replica(of: nodes[0])?.recordInForce.layout)
        let (keeper, writer) = (layout.shards[0], layout.shards[1])
        func key(of shard: Int) -> String {
            (0...).lazy.map { "key\($0)" }.first { layout.shard(ofKey: $0) == shard } ?? ""
        }
        cluster.network.partition([keeper[1]], from: writer)
        cluster.network.partition([writer[0]], from: [writer[1]])
        let context = try put(cluster, key(of: 1), 1, at: writer[0])
        _ = try put(cluster, key(of: 0), 2, at: keeper[0], context)
        func restart(_ node: NodeAddress, isBehind: Bool = false) {
            cluster.crash(node)
            cluster.start(node, view: layout.members, shardCount: 2, isBehind: isBehind) { $0.plantedBug = plant }
        }
        // It fetches the entry from its fellow member, and hears nothing of the writer.
        restart(keeper[1])
        #expect(cluster.run(untilMilliseconds: 4_000) { cluster.status(of: keeper[1])?.state == .serving })
        for node in [keeper[0]] + writer { cluster.crash(node) }
        cluster.network.heal()
        restart(writer[0], isBehind: true)
        restart(writer[1])
        restart(keeper[0])
        #expect(settle(cluster))
        cluster.run(milliseconds: Self.boundMilliseconds)
        let kept = cluster.ask(.get(key: key(of: 0), context: .empty), at: keeper[1])
        guard case .found(_, let told)? = kept else {
            return #expect(Bool(false), "\(String(describing: kept))")
        }
        let reply = cluster.ask(.get(key: key(of: 1), context: told), at: writer[1])
        let isAnswered = if case .noSuchKey? = reply { true } else { false }
        #expect(isAnswered == (plant == nil), "\(String(describing: reply))")
    }
}
