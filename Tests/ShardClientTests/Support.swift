import BasicNodes
import ShardClient
import ShardCore
import ShardWire
import Testing

struct TimedOut: Error {}

/// Runs `body` on a cluster of basic nodes, and ends them.
func withBasicNodes(
    _ names: BasicCluster.Names, count: Int = 4, shards: Int = 2,
    _ body: @Sendable (BasicCluster, [BasicNode], NodeTransport) async throws -> Void
) async throws {
    let cluster = BasicCluster(names: names)
    var nodes: [BasicNode] = []
    for _ in 0..<count { nodes.append(try await BasicNode.start(cluster)) }
    cluster.place(nodes.map(\.address), shardCount: shards)
    do {
        try await NodeTransport.with { try await body(cluster, nodes, $0) }
    } catch {
        for node in nodes { await node.die() }
        throw error
    }
    for node in nodes { await node.die() }
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

extension BasicNode {
    var nodeAddress: NodeAddress { NodeAddress(address)! }
}

extension ClusterSnapshot {
    func node(_ address: NodeAddress) -> Node? { nodes.first { $0.address == address } }
}

extension ClusterSnapshot.Node {
    var basic: BasicNodeState? { if case .basic(let state) = answer { state } else { nil } }
}
