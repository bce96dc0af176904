import BasicNodes
import Dashboard
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

/// The clients of the traffic beside nodes that do not answer.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TrafficRunTests {
    /// Six nodes of one cluster, and traffic through all of them.
    private func with(_ body: ([BasicNode], TrafficRun) async throws -> Void) async throws {
        let cluster = BasicCluster(names: .short)
        var nodes: [BasicNode] = []
        for _ in 0..<6 { nodes.append(try await BasicNode.start(cluster)) }
        cluster.place(nodes.map(\.address), shardCount: 1)
        try await NodeTransport.with(connectionsPerNodeMax: 64) { transport in
            let asked = TrafficNodes(nodes.map { NodeAddress($0.address)! }, transport: transport)
            let traffic = TrafficRun(keys: 0, requestsPerSecond: 40) {
                TrafficClient(number: $0, of: TrafficRun.clients, prefix: $1, nodes: asked)
            }
            traffic.start()
            defer { traffic.stop() }
            try await body(nodes, traffic)
        }
        for node in nodes { await node.die() }
    }

    /// Waits until the figures are as wanted. A limit of time in the test itself would fail on a busy machine.
    private func figures(of traffic: TrafficRun, _ isSo: (ClientTraffic) -> Bool) async throws -> ClientTraffic {
        while true {
            if let figures = traffic.figures(), isSo(figures) { return figures }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test(.timeLimit(.minutes(2))) func `while a node is silent its clients wait, are counted, and the others go on`()
        async throws
    {
        try await with { nodes, traffic in
            _ = try await figures(of: traffic) { $0.operations > 40 && $0.waiting == 0 }
            nodes[0].behave(.silent)
            let waiting = try await figures(of: traffic) {
                $0.waiting ?? 0 >= 3 && $0.waitingMicrosecondsMax ?? 0 > 400_000
            }
            #expect(waiting.waiting ?? 0 < TrafficRun.clients / 2)
            #expect(waiting.operationsPerSecond > 0, "the others are served meanwhile")
            #expect(waiting.latencyMicrosecondsMax ?? 0 >= 400_000)
            #expect(waiting.errors == 0, "\(waiting.problem ?? "")")
            // They go to other nodes, and one at a time tries the silent one again.
            let served = waiting.operations
            let moved = try await figures(of: traffic) { $0.operations > served + 40 && $0.waiting ?? 9 <= 2 }
            #expect(moved.errors == 0)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `where no node answers nobody is served, waits are counted, and what is not sent is said`()
        async throws
    {
        try await with { nodes, traffic in
            _ = try await figures(of: traffic) { $0.operations > 40 }
            for node in nodes { node.behave(.silent) }
            let stuck = try await figures(of: traffic) { $0.heldBackPerSecond ?? 0 > 20 }
            #expect(stuck.offeredPerSecond == 40)
            _ = try await figures(of: traffic) { $0.waiting ?? 0 > 0 && $0.operationsPerSecond == 0 }
            for node in nodes { node.behave(.prompt) }
            _ = try await figures(of: traffic) { $0.waiting == 0 && $0.operationsPerSecond > 0 }
        }
    }
}
