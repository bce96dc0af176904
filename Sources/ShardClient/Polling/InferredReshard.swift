import ClusterModel
import ShardCore
import ShardWire

/// Follows a reshard of nodes that tell nothing of it, from the shards that they list.
///
/// It rests on what more than half of the nodes that answer say alike: one node's word, or one's silence, is no change.
/// It ends once nothing contradicts the present any more, and after a while in any case.
struct InferredReshard {
    /// Nodes that do not agree for so long are not waited for.
    static let patienceMilliseconds: UInt64 = 30_000

    private(set) var change: InferredChange?
    /// What most nodes listed last.
    private var settled: Set<ShardID>?
    private var lookedMilliseconds: UInt64?
    /// When the change was seen first, by a clock that nobody sets.
    private var sinceUptime: UInt64 = 0
    /// True while a request of our own is under way.
    private var isAsked = false
    /// A request of our own was answered: the nodes may list so many shards only later, which is no change of its own.
    private var awaitedCount: Int?
    private var changes = 0

    /// A node was asked to reshard.
    mutating func began(asked node: NodeAddress, shardCount: Int, nowMilliseconds: UInt64) {
        isAsked = true
        changes += 1
        change = InferredChange(
            id: "asked-\(changes)", fromShardCount: settled?.count, toShardCount: shardCount, asked: MemberID(node),
            sinceMilliseconds: nowMilliseconds)
    }

    /// The node that was asked has answered, or will not.
    mutating func ended(error: String?, nowMilliseconds: UInt64) {
        isAsked = false
        let wanted = change?.toShardCount
        awaitedCount = error == nil && settled?.count != wanted ? wanted : nil
        change?.error = error
        end(error == nil ? .done : .failed, nowMilliseconds)
    }

    /// A round of polls has ended.
    ///
    /// - Parameters:
    ///   - nodes: those that answered.
    ///   - uptimeMilliseconds: by a clock that only goes forward.
    mutating func observe(
        _ nodes: [(address: NodeAddress, state: BasicNodeState)], nowMilliseconds: UInt64, uptimeMilliseconds: UInt64
    ) {
        defer { lookedMilliseconds = nowMilliseconds }
        let usual = Self.majority(nodes.map(\.state))
        if let usual { take(usual, nowMilliseconds, uptimeMilliseconds) }
        guard !isAsked, change?.state == .underWay, let wanted = change?.toShardCount else { return }
        change?.dissenters = nodes.filter { $0.state.listedShards.map { $0 != usual } ?? false }.map {
            MemberID($0.address)
        }
        let isReached = usual?.count == wanted
        if isReached, change?.dissenters.isEmpty == true {
            end(.done, nowMilliseconds)
        } else if uptimeMilliseconds >= sinceUptime + Self.patienceMilliseconds {
            end(isReached ? .done : .unclear, nowMilliseconds)
        }
    }

    private mutating func take(_ usual: Set<ShardID>, _ nowMilliseconds: UInt64, _ uptimeMilliseconds: UInt64) {
        defer { settled = usual }
        // What is asked for is followed by its answer.
        guard !isAsked, let before = settled, before.count != usual.count else { return }
        if usual.count == awaitedCount {
            awaitedCount = nil
            return
        }
        changes += 1
        sinceUptime = uptimeMilliseconds
        change = InferredChange(
            id: "seen-\(changes)", fromShardCount: before.count, toShardCount: usual.count,
            afterMilliseconds: lookedMilliseconds, sinceMilliseconds: nowMilliseconds)
    }

    /// What more than half of the nodes list; nil where there is no such list.
    private static func majority(_ states: [BasicNodeState]) -> Set<ShardID>? {
        var votes: [Set<ShardID>: Int] = [:]
        for listed in states.compactMap(\.listedShards) { votes[listed, default: 0] += 1 }
        return votes.first { $0.value * 2 > states.count }?.key
    }

    private mutating func end(_ state: InferredChange.State, _ nowMilliseconds: UInt64) {
        guard change?.state == .underWay else { return }
        change?.state = state
        change?.endedMilliseconds = nowMilliseconds
    }
}
