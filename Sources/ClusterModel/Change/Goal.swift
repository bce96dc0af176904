/// A change that an operator asks of a cluster.
public enum Goal: Hashable, Sendable {
    /// The measure that a rebalance makes even.
    public enum Measure: String, CaseIterable, Codable, Sendable { case slots, keys, memory }

    /// How a replica is made the primary.
    public enum Failover: String, CaseIterable, Codable, Sendable {
        /// The primary hands over; nothing is lost.
        case graceful
        /// The replica does not wait for the primary; the other primaries agree. Writes that it had not received are
        /// lost.
        case force
        /// Nobody is asked. For a cluster that has no majority of its primaries.
        case takeover
    }

    /// The way in which open slots are closed.
    public enum Repair: String, CaseIterable, Codable, Sendable {
        /// Moves that are open are finished; slots that were moved stay.
        case finish
        /// Every slot goes back to who had it.
        case putBack
    }

    /// - Parameters:
    ///   - isForced: go ahead without a majority of the members.
    ///   - isStepped: wait for the user before each phase and batch.
    case shardCount(Int, isForced: Bool = false, isStepped: Bool = false)
    case rebalance(by: Measure)
    /// Slots from one shard to another; with nil from whoever has them.
    case move(slots: ClosedRange<Int>, from: ShardID?, to: ShardID)
    /// To a shard as one of its members; with nil for the shard as a primary of its own.
    case addMember(MemberID, shard: ShardID?)
    case removeMember(MemberID)
    /// Makes this replica the primary of its shard.
    case failover(MemberID, Failover = .graceful)
    case repair(Repair)

    /// In a few words, for a log: "reshard to 3 shards".
    public var words: String {
        switch self {
        case .shardCount(let count, _, _): "reshard to \(count) shard\(count == 1 ? "" : "s")"
        case .rebalance(let measure): "rebalance by \(measure.rawValue)"
        case .move(let slots, _, let target):
            "move slots \(slots.lowerBound)-\(slots.upperBound) to shard \(target)"
        case .addMember(let node, let shard?): "add \(node) to shard \(shard)"
        case .addMember(let node, nil): "add \(node) as a primary"
        case .removeMember(let node): "remove \(node)"
        case .failover(let node, .graceful): "fail over to \(node)"
        case .failover(let node, let way): "fail over to \(node) (\(way.rawValue))"
        case .repair(.finish): "finish open slots"
        case .repair(.putBack): "put open slots back"
        }
    }
}
