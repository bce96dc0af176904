import ShardCore
import ShardWire

/// A cluster as a person wants to see it: derived from a snapshot, and from nothing else.
public struct ClusterOverview: Hashable, Sendable {
    /// How a node is doing, in the order of how bad it is.
    public enum Condition: Hashable, Sendable {
        case up
        /// Placed in no shard yet.
        case joiner
        /// It answers, but does not say which shard it is in.
        case shardUnknown
        case starting, catchingUp, stopping
        /// It answers, but its peers do not hear it.
        case cutOff
        /// It is in another epoch than most.
        case otherEpoch(UInt64)
        /// It answers, but its view is not that of the others.
        case otherView
        /// It did not answer the last poll, though its peers hear it.
        case silent
        case down
        case removed

        /// In a word or two, the same everywhere.
        public var words: String {
            switch self {
            case .up: "up"
            case .joiner: "no shard"
            case .shardUnknown: "shard not told"
            case .starting: "starting"
            case .catchingUp: "catching up"
            case .stopping: "stopping"
            case .cutOff: "cut off"
            case .otherEpoch(let epoch): "epoch \(EpochNumber.words(epoch))"
            case .otherView: "other view"
            case .silent: "no answer"
            case .down: "down"
            case .removed: "removed"
            }
        }

        public var isGood: Bool { self == .up || self == .joiner }
        public var isBad: Bool { self == .down || self == .silent || self == .removed }
    }

    public struct Member: Hashable, Sendable {
        public var address: NodeAddress
        public var shard: ShardID?
        public var condition: Condition
        /// Keys that it said it holds; of old where it does not answer now.
        public var keys: Int?
        /// Writes of it that its fellow members have not confirmed: the most of any.
        public var lagWrites: UInt64?
        public var readsPerSecond: Double?
        public var writesPerSecond: Double?
        public var answeredMilliseconds: UInt64?
        /// Why it did not answer.
        public var problem: String?
    }

    public struct Shard: Hashable, Sendable {
        public var id: ShardID
        public var members: [Member]
        /// The most that any member that answers holds; nil where none does.
        public var keys: Int?
        /// False while the members' counts differ.
        public var isEven: Bool

        /// Of a shard that no member is known of, nothing is known.
        public var isDown: Bool { !members.isEmpty && members.allSatisfy(\.condition.isBad) }
        /// False where no member tells what it serves.
        public var tellsTraffic: Bool { members.contains { $0.readsPerSecond != nil } }
        public var readsPerSecond: Double { members.reduce(0) { $0 + ($1.readsPerSecond ?? 0) } }
        public var writesPerSecond: Double { members.reduce(0) { $0 + ($1.writesPerSecond ?? 0) } }
    }

    public var shards: [Shard] = []
    /// Nodes in no shard, and those that do not say in which.
    public var others: [Member] = []
    public var nodesUp = 0
    public var nodesAll = 0
    public var epoch: UInt64?
    public var seed: UInt64?
    public var placement: NodePlacement?
    /// True where the cluster is known by the basic endpoints only.
    public var isBasic = false
    /// The sizes of the groups of nodes that hear one another, where there are several and none is the largest.
    public var split: [Int] = []
    /// The slowest answer of the last poll.
    public var pollMicroseconds: UInt64?

    /// Where each shard stands in the order of their ids, whatever they are sorted by: what its colour goes by. The id
    /// itself, of ours.
    public private(set) var places: [ShardID: Int] = [:]

    /// Over all shards; nil where a shard did not tell.
    public var keys: Int? {
        var sum = 0
        for shard in shards {
            guard let keys = shard.keys else { return nil }
            sum += keys
        }
        return shards.isEmpty ? nil : sum
    }

    /// All members in the order of the screen: shard by shard, then those in none.
    public var members: [Member] { shards.flatMap(\.members) + others }

    /// The share of all keys that a shard holds, and how far that is from even, both as fractions.
    public func share(of shard: Shard) -> (share: Double, deviation: Double)? {
        guard let total = keys, total > 0, let keys = shard.keys else { return nil }
        let share = Double(keys) / Double(total)
        return (share, share * Double(shards.count) - 1)
    }

    public init() {}

    public init(_ snapshot: ClusterSnapshot) {
        let full = snapshot.nodes.compactMap { node -> (ClusterSnapshot.Node, NodeState)? in
            if case .full(let state)? = node.answer { (node, state) } else { nil }
        }
        if full.isEmpty { self.init(basic: snapshot) } else { self.init(full: full, snapshot) }
        places = Dictionary(shards.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        nodesAll = members.count
        nodesUp = members.filter { !$0.condition.isBad }.count
        pollMicroseconds = snapshot.nodes.filter(\.isReachable).compactMap(\.pollMicroseconds).max()
    }
}
