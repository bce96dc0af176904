import ShardCore
import ShardWire

/// Follows a reshard of nodes that tell nothing of it, from what their shards and members show.
///
/// Says only what was seen: that it was asked for, that nodes disagree on the shards or have changed, that all agree
/// again. Nothing about keys is counted, because nothing is known.
struct InferredReshard {
    private(set) var progress: ReshardProgress?
    private var placement: [NodeAddress: Seen] = [:]
    /// True while a request of our own is under way.
    private var isAsked = false

    private struct Seen: Equatable {
        var shard: ShardID?
        var shardCount: Int
    }

    /// A node was asked to reshard.
    mutating func began(coordinator: NodeAddress, shardCount: Int, nowMilliseconds: UInt64) {
        isAsked = true
        start(coordinator: coordinator, toShardCount: shardCount, nowMilliseconds: nowMilliseconds)
    }

    /// The node that was asked has answered, or will not.
    mutating func ended(error: String?, nowMilliseconds: UInt64) {
        isAsked = false
        progress?.error = error
        end(error == nil ? .done : .failed, nowMilliseconds)
    }

    mutating func observe(_ nodes: [(address: NodeAddress, state: BasicNodeState)], nowMilliseconds: UInt64) {
        var hasChanged = false
        for (address, state) in nodes {
            let seen = Seen(shard: state.shard, shardCount: state.shards.count)
            // A node that does not say its shards for a moment has not changed them.
            guard seen.shardCount > 0 else { continue }
            if let before = placement[address], before.shardCount != seen.shardCount {
                if progress?.phase.isEnd ?? true {
                    start(coordinator: address, toShardCount: seen.shardCount, nowMilliseconds: nowMilliseconds)
                }
                mark(address, from: before.shard, to: seen.shard, nowMilliseconds)
                hasChanged = true
            }
            placement[address] = seen
        }
        guard let running = progress, !running.phase.isEnd else { return }
        if hasChanged, running.phase < .broadcast { enter(.broadcast, nowMilliseconds) }
        let counts = Set(nodes.map(\.state.shards.count).filter { $0 > 0 })
        if !isAsked, counts.count == 1, counts.first == running.toShardCount { end(.done, nowMilliseconds) }
    }

    private mutating func start(coordinator: NodeAddress, toShardCount: Int, nowMilliseconds: UInt64) {
        let fromShardCount = placement.values.map(\.shardCount).max() ?? 0
        var begun = ReshardProgress(
            operation: "inferred-\(nowMilliseconds)", kind: .reshard, coordinator: coordinator, fromEpoch: 0,
            toEpoch: 0,
            fromShardCount: fromShardCount, toShardCount: toShardCount, phase: .check,
            startedMilliseconds: nowMilliseconds)
        begun.timings = [.init(phase: .check, startMicroseconds: 0)]
        begun.isAbortable = false
        begun.waitingFor = "the nodes, which do not tell how far they are"
        begun.parts = placement.sorted { $0.key < $1.key }.map { node, seen in
            ReshardProgress.Part(node: node, fromShard: seen.shard?.number, toShard: nil)
        }
        progress = begun
    }

    private mutating func mark(_ node: NodeAddress, from: ShardID?, to: ShardID?, _ nowMilliseconds: UInt64) {
        guard progress != nil else { return }
        var part = ReshardProgress.Part(node: node, fromShard: from?.number, toShard: to?.number)
        part.state = .switched
        progress?.lastProgressMilliseconds = nowMilliseconds
        if let index = progress?.parts.firstIndex(where: { $0.node == node }) {
            progress?.parts[index] = part
        } else {
            progress?.parts.append(part)
        }
    }

    private mutating func enter(_ phase: ReshardProgress.Phase, _ nowMilliseconds: UInt64) {
        guard var running = progress, let last = running.timings.indices.last else { return }
        let elapsed = (max(nowMilliseconds, running.startedMilliseconds) - running.startedMilliseconds) * 1_000
        running.timings[last].durationMicroseconds = elapsed - min(elapsed, running.timings[last].startMicroseconds)
        running.phase = phase
        running.lastProgressMilliseconds = nowMilliseconds
        if !phase.isEnd { running.timings.append(.init(phase: phase, startMicroseconds: elapsed)) }
        progress = running
    }

    private mutating func end(_ phase: ReshardProgress.Phase, _ nowMilliseconds: UInt64) {
        guard progress?.phase.isEnd == false else { return }
        enter(phase, nowMilliseconds)
        progress?.finishedMilliseconds = nowMilliseconds
        progress?.waitingFor = nil
    }
}
