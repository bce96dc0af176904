import ClusterModel
import ShardCore
import ShardWire

/// Follows a reshard of nodes that tell nothing of it, by the shards that they list.
///
/// The change rests on lists that more than half of the answering nodes agree on: the word or the silence of one node
/// is no change. It ends once no node lists anything else any more, and after a while in any case.
struct InferredReshard {
    /// The time for which nodes that do not agree are waited for.
    static let patienceMilliseconds: UInt64 = 30_000

    private(set) var change: InferredChange?
    /// The shards that most nodes listed last.
    private var settled: Set<ShardID>?
    private var lookedMilliseconds: UInt64?
    /// The time at which the change was first seen, on a clock that nobody sets.
    private var sinceUptime: UInt64 = 0
    /// True while a request of our own is under way.
    private var isAsked = false
    /// The shard count of an answered request of our own: the nodes may list so many shards only later, which is no new
    /// change.
    private var awaitedCount: Int?
    private var changes = 0

    /// Notes that a node was asked to reshard.
    mutating func began(asked node: NodeAddress, shardCount: Int, nowMilliseconds: UInt64) {
        isAsked = true
        changes += 1
        change = InferredChange(
            id: "asked-\(changes)", fromShardCount: settled?.count, toShardCount: shardCount, asked: MemberID(node),
            sinceMilliseconds: nowMilliseconds)
    }

    /// Notes that the node that was asked has answered, or will not.
    mutating func ended(error: String?, nowMilliseconds: UInt64) {
        isAsked = false
        let wanted = change?.toShardCount
        awaitedCount = error == nil && settled?.count != wanted ? wanted : nil
        change?.error = error
        end(error == nil ? .done : .failed, nowMilliseconds)
    }

    /// Takes in the end of a round of polls.
    ///
    /// - Parameters:
    ///   - nodes: the nodes that answered.
    ///   - uptimeMilliseconds: the time on a clock that only goes forward.
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
        // A change that was asked for ends with its answer.
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

    /// The list that more than half of the nodes give; nil if there is no such list.
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
