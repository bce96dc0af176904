import BasicNodes
import ShardClient
import ShardCore
import ShardWire
import Testing

struct TimedOut: Error {}

/// Runs `body` on a cluster of basic nodes, and ends them.
@discardableResult
func withBasicNodes<Result: Sendable>(
    _ names: BasicCluster.Names, count: Int = 4, shards: Int = 2, habits: Habits = Habits(),
    _ body: @Sendable (BasicCluster, [BasicNode], NodeTransport) async throws -> Result
) async throws -> Result {
    let cluster = BasicCluster(names: names, habits: habits)
    var nodes: [BasicNode] = []
    for _ in 0..<count { nodes.append(try await BasicNode.start(cluster)) }
    cluster.place(nodes.map(\.address), shardCount: shards)
    do {
        let result = try await NodeTransport.with { try await body(cluster, nodes, $0) }
        for node in nodes { await node.die() }
        return result
    } catch {
        for node in nodes { await node.die() }
        throw error
    }
}

/// Takes snapshots until one is as wanted; gives up after many.
func snapshot(
    of source: PollingSource, until isWanted: @Sendable (ClusterSnapshot) -> Bool
) async throws -> ClusterSnapshot {
    for _ in 0..<400 {
        let snapshot = await source.snapshot()
        if isWanted(snapshot) { return snapshot }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw TimedOut()
}

extension PollingSource.Configuration {
    /// For nodes that all answer: on a busy machine they may take their time.
    static var patient: Self {
        var configuration = Self()
        configuration.timeoutMilliseconds = 20_000
        return configuration
    }
}

extension BasicNode {
    var nodeAddress: NodeAddress { NodeAddress(address)! }
}

extension ClusterSnapshot {
    func node(_ address: NodeAddress) -> Node? { nodes.first { $0.address == address } }
}

extension ClusterSnapshot.Node {
    var basic: BasicNodeState? { if case .basic(let state) = answer { state } else { nil } }
}
