import ClusterModel
import ShardCore
import ShardWire

/// The result of one round of polls: every known node, with its answer or the reason why it gave none.
public struct ClusterSnapshot: Codable, Hashable, Sendable {
    /// One node as it was polled.
    public struct Node: Codable, Hashable, Sendable {
        public var address: NodeAddress
        /// The last answer of the node; kept when it falls silent, so look at ``isReachable``.
        public var answer: NodeAnswer?
        /// True if the node answered the last poll.
        public var isReachable: Bool
        /// The reason why it did not, for a person.
        public var problem: String?
        /// The time of its last answer, since 1970; nil if it never answered.
        public var answeredMilliseconds: UInt64?
        /// The time that the last answer took.
        public var pollMicroseconds: UInt64?
        /// The reason why this program itself could not ask the node the last time, for a person; all else that is told
        /// of the node is older then. Nil if it could.
        public var notAsked: String?
        /// True if it answered, and tells this program nothing. Nil, as in recordings of earlier versions, counts as
        /// false.
        public var isRefusing: Bool?

        public init(
            address: NodeAddress, answer: NodeAnswer? = nil, isReachable: Bool = false, problem: String? = nil,
            answeredMilliseconds: UInt64? = nil, pollMicroseconds: UInt64? = nil, notAsked: String? = nil,
            isRefusing: Bool? = nil
        ) {
            self.address = address
            self.answer = answer
            self.isReachable = isReachable
            self.problem = problem
            self.answeredMilliseconds = answeredMilliseconds
            self.pollMicroseconds = pollMicroseconds
            self.notAsked = notAsked
            self.isRefusing = isRefusing
        }
    }

    /// The time since 1970 at which the round ended.
    public var takenMilliseconds: UInt64
    /// The nodes, sorted by address.
    public var nodes: [Node]
    /// The furthest change of the layout that nodes tell of: a running one before a finished one, the coordinator's
    /// word before a participant's, a later one before an earlier.
    public var reshard: ReshardProgress?
    /// The change that nodes show by their shards if they tell of none; nil if they show none, or tell of one.
    public var inferred: InferredChange?

    public init(takenMilliseconds: UInt64, nodes: [Node], reshard: ReshardProgress? = nil) {
        self.takenMilliseconds = takenMilliseconds
        self.nodes = nodes
        self.reshard = reshard
    }
}

extension ClusterSnapshot {
    /// Older recordings hold an inferred change as if a node had told it, under a mark: what was known of it is kept.
    private enum OldKeys: CodingKey { case isReshardInferred }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        takenMilliseconds = try container.decode(UInt64.self, forKey: .takenMilliseconds)
        nodes = try container.decode([Node].self, forKey: .nodes)
        reshard = try container.decodeIfPresent(ReshardProgress.self, forKey: .reshard)
        inferred = try container.decodeIfPresent(InferredChange.self, forKey: .inferred)
        let old = try decoder.container(keyedBy: OldKeys.self)
        guard try old.decodeIfPresent(Bool.self, forKey: .isReshardInferred) == true, let told = reshard else { return }
        inferred = InferredChange(
            id: told.operation, fromShardCount: told.fromShardCount > 0 ? told.fromShardCount : nil,
            toShardCount: told.toShardCount, sinceMilliseconds: told.startedMilliseconds)
        inferred?.state = !told.phase.isEnd ? .underWay : told.phase == .done ? .done : .failed
        inferred?.endedMilliseconds = told.finishedMilliseconds
        inferred?.error = told.error
        reshard = nil
    }
}

extension ClusterSnapshot {
    /// The state that every `shardnode` told in answer to the last poll.
    public var states: [NodeAddress: ReplicaStatus] {
        var states: [NodeAddress: ReplicaStatus] = [:]
        for node in nodes where node.isReachable {
            if case .full(let state) = node.answer { states[node.address] = state.replica }
        }
        return states
    }
}

/// The state of one node, as the basic endpoints tell it.
public struct BasicNodeState: Codable, Hashable, Sendable {
    public struct Shard: Codable, Hashable, Sendable {
        public var id: ShardID
        /// Nil if the node did not say.
        public var members: [NodeAddress]?
        public var keys: Int?

        public init(id: ShardID, members: [NodeAddress]? = nil, keys: Int? = nil) {
            self.id = id
            self.members = members
            self.keys = keys
        }
    }

    public var family: NameFamily
    public var view: [NodeAddress]
    /// Nil if the node is in no shard, or did not say.
    public var shard: ShardID?
    /// True if the node says that it is in no shard. Nil in recordings from before this was kept, for not known.
    public var isUnplaced: Bool?
    /// The shards that the node tells of: all of them, or its own alone if it does not list them.
    public var shards: [Shard]
    /// False if the node did not list the shards, so that there may be others. Nil in recordings from before this was
    /// kept, when every node did.
    public var listsShards: Bool?

    public init(family: NameFamily, view: [NodeAddress], shard: ShardID?, shards: [Shard]) {
        self.family = family
        self.view = view
        self.shard = shard
        self.shards = shards
    }

    /// All shards of the cluster, as far as the node knows; nil if it does not say.
    public var listedShards: Set<ShardID>? {
        shards.isEmpty || listsShards == false ? nil : Set(shards.map(\.id))
    }
}

/// The operations that the nodes of a cluster offer together.
public struct ClusterCapabilities: Codable, Hashable, Sendable {
    public var canReshard: Bool
    /// True if they offer a dry run of a reshard.
    public var canPlan: Bool
    public var canAbort: Bool
    public var hasEvents: Bool
    /// True if they tell where a key lives, member by member.
    public var canLocate: Bool
    public var canAddMember: Bool

    public init(
        canReshard: Bool, canPlan: Bool, canAbort: Bool, hasEvents: Bool, canLocate: Bool, canAddMember: Bool
    ) {
        self.canReshard = canReshard
        self.canPlan = canPlan
        self.canAbort = canAbort
        self.hasEvents = hasEvents
        self.canLocate = canLocate
        self.canAddMember = canAddMember
    }

    public static let full = ClusterCapabilities(
        canReshard: true, canPlan: true, canAbort: true, hasEvents: true, canLocate: true, canAddMember: true)
    public static let basic = ClusterCapabilities(
        canReshard: true, canPlan: false, canAbort: false, hasEvents: false, canLocate: false, canAddMember: true)
}
