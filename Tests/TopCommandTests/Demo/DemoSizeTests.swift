import Testing
import ValkeyClient

@testable import TopCommand

/// How a demo's nodes are shared out.
@Suite(.timeLimit(.minutes(10))) struct DemoSizeTests {
    @Test func `our own nodes are as many as ever, and servers have replicas and some to spare`() {
        let own = DemoSize(engine: nil)
        #expect(own.nodes == 6 && own.shards == 2 && own.firstPort == 8_081 && own.nextShards == 3)
        let servers = DemoSize(engine: .valkey)
        #expect(servers.nodes == 8 && servers.shards == 3 && servers.firstPort == 7_001)
        #expect(servers.replicasEach == 1 && servers.spares == 2 && servers.nextShards == 4)
    }

    @Test(arguments: [(8, 3, 1, 2, 5), (6, 3, 1, 0, 3), (4, 3, 0, 1, 4), (3, 3, 0, 0, 3), (12, 1, 1, 10, 11)])
    func `each shard has a replica where there are servers for that, and what is left is spare`(
        nodes: Int, shards: Int, replicasEach: Int, spares: Int, most: Int
    ) {
        let size = DemoSize(engine: .redis, nodes: nodes, shards: shards)
        #expect(size.problem == nil)
        #expect(size.replicasEach == replicasEach && size.spares == spares && size.shardsMax == most)
        #expect(size.problem(reshardTo: most) == nil)
        #expect(size.problem(reshardTo: most + 1) != nil)
        #expect(size.problem(reshardTo: 0) != nil)
    }

    @Test func `where there is none to spare the story goes down by one`() {
        #expect(DemoSize(engine: .redis, nodes: 6, shards: 3).nextShards == 2)
        #expect(DemoSize(engine: .redis, nodes: 2, shards: 1).nextShards == 1)
    }

    @Test(arguments: [(DemoEngine?.none, 5, 3), (.valkey, 2, 3), (.redis, 65, 3), (nil, 1, 1), (.valkey, 8, 0)])
    func `what cannot be is said`(engine: DemoEngine?, nodes: Int, shards: Int) {
        #expect(DemoSize(engine: engine, nodes: nodes, shards: shards).problem != nil)
    }

    /// The loaded keys that clients write to are told by their number.
    @Test func `clients of servers have as many keys as those of our own nodes`() {
        #expect(KeyTrafficClient.keysPerClient == TrafficRun.keysPerClient)
    }
}
