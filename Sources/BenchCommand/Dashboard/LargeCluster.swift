import ClusterModel
import ShardClient
import ShardCore
import ShardWire

/// A cluster of 100 nodes in 50 shards, as a poll finds it in the midst of a reshard that moves keys from every old
/// shard to every new one.
enum LargeCluster {
    static let milliseconds: UInt64 = 1_700_000_000_000
    private static let nodes = (0..<100).compactMap { NodeAddress("10.0.\($0 / 100).\($0 % 100 + 1):8081") }
    private static let shards = (0..<50).map { [nodes[2 * $0], nodes[2 * $0 + 1]] }

    static func snapshot() -> ClusterSnapshot {
        ClusterSnapshot(
            takenMilliseconds: milliseconds,
            nodes: nodes.enumerated().map { index, address in
                ClusterSnapshot.Node(
                    address: address, answer: .full(state(index, address)), isReachable: true, problem: nil,
                    answeredMilliseconds: milliseconds, pollMicroseconds: 1_700)
            }, reshard: reshard())
    }

    private static func state(_ index: Int, _ address: NodeAddress) -> NodeState {
        let replica = ReplicaStatus(
            address: address, incarnation: 1, state: .serving, shard: index / 2, epoch: 1, seed: 8, placement: .hashed,
            shards: shards,
            peers: nodes.enumerated().map { .init(address: $1, health: .up, shard: $0 / 2, lagWrites: 0) },
            keys: 20_000 + index, tombstones: 12, bytes: 1_234_567, heldWrites: 0, waitingRequests: 0, handOnEntries: 0)
        var traffic = Traffic()
        traffic.readsPerSecond = Double(100 + index)
        traffic.writesPerSecond = Double(50 + index)
        return NodeState(
            version: "0", replica: replica, traffic: traffic,
            process: ProcessState(
                id: 1, uptimeMilliseconds: 1_000, residentBytes: 30_000_000, cpuMicroseconds: 1, cpuShare: 0.03),
            reshard: nil, lastEvent: 0)
    }

    private static func reshard() -> ReshardProgress {
        var progress = ReshardProgress(
            operation: "2.1@\(nodes[0])", kind: .reshard, coordinator: nodes[0], fromEpoch: 1, toEpoch: 2,
            fromShardCount: 50, toShardCount: 49, phase: .broadcast, startedMilliseconds: milliseconds - 6_000)
        progress.lastProgressMilliseconds = milliseconds
        progress.collated = (0..<50).map {
            .init(shard: $0, source: shards[$0][0], keys: 20_000, bytes: 1_000_000, keysTotal: 20_000)
        }
        progress.seedsTried = 9
        progress.seed = 8
        progress.placement = .hashed
        progress.keysRebalanced = 1_000_000
        progress.moves = (0..<50).flatMap { from in
            (0..<49).map { .init(from: from, to: $0, planned: 400, moved: 130) }
        }
        progress.parts = nodes.enumerated().map { index, node in
            var part = ReshardProgress.Part(node: node, fromShard: index / 2, toShard: index % 49)
            part.planned = 20_000
            part.sent = 9_000
            part.confirmed = 8_000
            part.state = .staging
            return part
        }
        return progress
    }
}
