import Testing

@testable import ShardCore
@testable import ShardSim

@Suite struct VoteTests {
    /// A vote that is on no disk is forgotten with the next restart, and then the other layout may win.
    @Test func aCoordinatorWhoseDiskFailsDoesNotVoteForItsOwnProposal() throws {
        let cluster = SimulatedCluster(seed: 9)
        let nodes = (1...3).map(SimulatedCluster.address)
        for node in nodes { cluster.start(node, view: nodes, shardCount: 1, durability: .sync) }
        #expect(settle(cluster))
        cluster.crash(nodes[2])
        let (coordinator, voter) = (nodes[0], nodes[1])
        #expect(
            cluster.run(untilMilliseconds: 5_000) {
                cluster.status(of: coordinator)?.peers.contains { $0.address == nodes[2] && $0.health == .down }
                    ?? false
            })
        let request = try #require(cluster.submit(.reshard(shardCount: 1, force: false), to: coordinator))
        // The disk fails before the proposal, and its own vote would make the majority of three.
        #expect(
            cluster.run(untilMilliseconds: 3_000) {
                [.freezing, .finishing].contains(cluster.replica(of: coordinator)?.coordinator?.step)
            })
        cluster.setDisk(of: coordinator, isFailing: true)
        cluster.feed(.disk(isWritable: false), to: coordinator)
        cluster.run(milliseconds: 3_000)
        for node in [coordinator, voter] {
            #expect(cluster.replica(of: node)?.layout.epoch == 1, "one vote of three decides nothing")
        }
        cluster.setDisk(of: coordinator, isFailing: false)
        #expect(cluster.run(untilMilliseconds: 30_000) { cluster.takeReply(request) != nil })
        #expect(settle(cluster))
    }
}
