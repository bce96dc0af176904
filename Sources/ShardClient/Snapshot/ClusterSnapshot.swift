import ClusterModel
import ShardCore
import ShardWire

/// What one round of polls found: every known node, with what it said or why it said nothing.
public struct ClusterSnapshot: Codable, Hashable, Sendable {
    /// One node as it was polled.
    public struct Node: Codable, Hashable, Sendable {
        public var address: NodeAddress
        /// What it said last; kept when it falls silent, so look at ``isReachable``.
        public var answer: NodeAnswer?
        /// Did it answer the last poll?
        public var isReachable: Bool
        /// Why it did not, for a person.
        public var problem: String?
        /// When it answered last, since 1970; nil for never.
        public var answeredMilliseconds: UInt64?
        /// How long the last answer took.
        public var pollMicroseconds: UInt64?
        /// Why this program itself could not ask it the last time, for a person; what else is told of it is older then.
        /// Nil where it could.
        public var notAsked: String?

        public init(
            address: NodeAddress, answer: NodeAnswer? = nil, isReachable: Bool = false, problem: String? = nil,
            answeredMilliseconds: UInt64? = nil, pollMicroseconds: UInt64? = nil, notAsked: String? = nil
        ) {
            self.address = address
            self.answer = answer
            self.isReachable = isReachable
            self.problem = problem
            self.answeredMilliseconds = answeredMilliseconds
            self.pollMicroseconds = pollMicroseconds
            self.notAsked = notAsked
        }
    }

    /// Since 1970, when the round ended.
    public var takenMilliseconds: UInt64
    /// Sorted by address.
    public var nodes: [Node]
    /// Of all the nodes tell, the change of the layout that is furthest: a running one before a finished one, the
    /// coordinator's word before a participant's, a later one before an earlier.
    public var reshard: ReshardProgress?
    /// What nodes that tell of no change show of one; nil where they show none, or tell.
    public var inferred: InferredChange?

    public init(takenMilliseconds: UInt64, nodes: [Node], reshard: ReshardProgress? = nil) {
        self.takenMilliseconds = takenMilliseconds
        self.nodes = nodes
        self.reshard = reshard
    }
}

extension ClusterSnapshot {
    /// Older recordings hold what was inferred as if a node had told it, under a mark: what was known of it is kept.
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
    /// What every `shardnode` that answered the last poll said of itself.
    public var states: [NodeAddress: ReplicaStatus] {
        var states: [NodeAddress: ReplicaStatus] = [:]
        for node in nodes where node.isReachable {
            if case .full(let state) = node.answer { states[node.address] = state.replica }
        }
        return states
    }
}

/// What the basic endpoints tell of one node.
public struct BasicNodeState: Codable, Hashable, Sendable {
    public struct Shard: Codable, Hashable, Sendable {
        public var id: ShardID
        /// Nil where the node did not say.
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
    /// Nil where it is in none, or did not say.
    public var shard: ShardID?
    /// True where it says that it is in none. Nil in recordings of before this was kept, for not known.
    public var isUnplaced: Bool?
    /// Those that it tells of: the whole list, or its own alone where it does not list them.
    public var shards: [Shard]
    /// False where it did not list the shards, so that there may be others. Nil in recordings of before this was kept,
    /// where all did.
    public var listsShards: Bool?

    public init(family: NameFamily, view: [NodeAddress], shard: ShardID?, shards: [Shard]) {
        self.family = family
        self.view = view
        self.shard = shard
        self.shards = shards
    }

    /// All shards there are, as far as it knows; nil where it does not say.
    public var listedShards: Set<ShardID>? {
        shards.isEmpty || listsShards == false ? nil : Set(shards.map(\.id))
    }
}

/// What the nodes of a cluster can do together.
public struct ClusterCapabilities: Codable, Hashable, Sendable {
    public var canReshard: Bool
    /// A dry run before it.
    public var canPlan: Bool
    public var canAbort: Bool
    public var hasEvents: Bool
    /// Where a key lives, member by member.
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
