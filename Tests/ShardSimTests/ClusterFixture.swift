import ShardCore
import ShardSim
import Testing

/// The keys' values as every node tells them, read through that node with no context.
func values(_ cluster: SimulatedCluster, _ keys: [String], at node: NodeAddress) -> [String: Int] {
    var result: [String: Int] = [:]
    for key in keys {
        if case .found(let value, _)? = cluster.ask(.get(key: key, context: .empty), at: node) {
            result[key] = Int(String(decoding: value, as: UTF8.self))
        }
    }
    return result
}

func put(
    _ cluster: SimulatedCluster, _ key: String, _ value: Int, at node: NodeAddress, _ context: CausalContext = .empty
) throws -> CausalContext {
    let reply = cluster.ask(.put(key: key, value: Array("\(value)".utf8), context: context), at: node)
    switch reply {
    case .created(let context, _)?, .replaced(let context, _)?: return context
    default:
        Issue.record("put \(key) at \(node): \(String(describing: reply))")
        throw CancellationError()
    }
}

/// A cluster of founders that all serve.
func founded(
    seed: UInt64, count: Int, shardCount: Int, sourceLocation: SourceLocation = #_sourceLocation,
    adjust: (inout ReplicaConfiguration) -> Void = { _ in }
) -> SimulatedCluster {
    let cluster = SimulatedCluster(seed: seed)
    cluster.found(count: count, shardCount: shardCount, adjust: adjust)
    #expect(settle(cluster), sourceLocation: sourceLocation)
    return cluster
}

func reshard(
    _ cluster: SimulatedCluster, to shardCount: Int, at node: NodeAddress, force: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let reply = cluster.ask(.reshard(shardCount: shardCount, force: force), at: node)
    if case .resharded? = reply { return }
    Issue.record("not resharded: \(String(describing: reply))", sourceLocation: sourceLocation)
    throw CancellationError()
}

/// Waits until `observer` has noticed that `node` is down. True where it has.
func awaitDown(_ node: NodeAddress, seenBy observer: NodeAddress, _ cluster: SimulatedCluster) -> Bool {
    cluster.run(untilMilliseconds: 4_000) {
        cluster.status(of: observer)?.peers.contains { $0.address == node && $0.health == .down } ?? false
    }
}

/// Waits until all nodes that run serve, in one and the same epoch.
func settle(_ cluster: SimulatedCluster, withinMilliseconds limit: UInt64 = 15_000) -> Bool {
    func isSettled() -> Bool {
        let all = cluster.running.compactMap { cluster.status(of: $0) }
        return Set(all.map(\.epoch)).count == 1
            && all.allSatisfy { status in
                (status.state == .serving || status.state == .joiner) && status.handOnEntries == 0
                    && status.peers.allSatisfy { $0.health != .up || ($0.lagWrites ?? 0) == 0 }
            }
    }
    for _ in 0..<limit / 50 {
        if isSettled() { return true }
        cluster.run(milliseconds: 50)
    }
    return isSettled()
}

func counts(_ cluster: SimulatedCluster, shardCount: Int, at node: NodeAddress) -> [Int] {
    (0..<shardCount).map { shard in
        if case .keyCount(let count)? = cluster.ask(.keyCount(shard: shard), at: node) { count } else { -1 }
    }
}
