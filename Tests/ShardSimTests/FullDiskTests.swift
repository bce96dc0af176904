import ShardCore
import ShardSim
import Testing

/// Disks that fill in the middle of a reshard.
@Suite struct FullDiskTests {
    private static let keys = (0..<20).map { "k\($0)" }

    /// Its portion is in its memory alone, and gone if all die then.
    @Test func aReshardIsNotDecidedWhereAMemberCannotKeepItsPortion() throws {
        let cluster = SimulatedCluster(seed: 31)
        let nodes = (1...4).map(SimulatedCluster.address)
        for node in nodes { cluster.start(node, view: nodes, shardCount: 2, durability: .sync) }
        #expect(settle(cluster))
        for (number, key) in Self.keys.enumerated() { _ = try put(cluster, key, number, at: nodes[number % 4]) }
        let (coordinator, victim) = (nodes[0], nodes[3])
        cluster.onSend = { [unowned cluster] envelope, node in
            if node == victim, case .freeze = envelope.message { cluster.setDisk(of: victim, isFailing: true) }
            return true
        }
        let reply = cluster.ask(.reshard(shardCount: 1, force: false), at: coordinator)
        guard case .refused(.changeFailed)? = reply else {
            Issue.record("\(String(describing: reply))")
            return
        }
        for node in nodes {
            #expect(cluster.run(untilMilliseconds: 1_000) { cluster.status(of: node)?.epoch == 1 })
        }
        cluster.onSend = nil
        cluster.setDisk(of: victim, isFailing: false)
        cluster.run(milliseconds: 1_000)
        try reshard(cluster, to: 1, at: coordinator)
        #expect(settle(cluster))
        #expect(values(cluster, Self.keys, at: victim).count == Self.keys.count)
    }
}
