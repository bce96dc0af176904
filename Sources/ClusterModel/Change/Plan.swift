/// The steps and the outcome of reaching a goal from the present state.
public struct Plan: Codable, Hashable, Sendable {
    /// A shard as it would be afterwards.
    public struct PlannedShard: Codable, Hashable, Sendable {
        public var id: ShardID
        public var members: [MemberID]
        /// Nil if nobody can tell.
        public var keys: Int?
        public var slots: Int?
        public var bytes: UInt64?

        public init(id: ShardID, members: [MemberID], keys: Int? = nil, slots: Int? = nil, bytes: UInt64? = nil) {
            self.id = id
            self.members = members
            self.keys = keys
            self.slots = slots
            self.bytes = bytes
        }
    }

    /// The kind of change, as ``Change/name``.
    public var name: String
    public var fromShardCount: Int?
    public var toShardCount: Int?
    /// In the order of their ids.
    public var shards: [PlannedShard]
    /// The keys or slots that would move, by pair; those that stay are the pair of a shard with itself.
    public var pairs: [Change.Pair]
    /// The unit that the pairs count, in the singular: "key" or "slot".
    public var unit: String
    public var attempts: Change.Attempts?
    /// The other steps, in order, a line each: "127.0.0.1:7004 becomes a replica of 127.0.0.1:7001".
    public var steps: [String] = []
    /// The risks to know of before: "shard a has no replica: a crash of its primary loses what it holds".
    public var warnings: [String] = []
    /// The outcomes that cannot be promised.
    public var unpromised: [String] = []

    public init(
        name: String, fromShardCount: Int? = nil, toShardCount: Int? = nil, shards: [PlannedShard] = [],
        pairs: [Change.Pair] = [], unit: String = "key", attempts: Change.Attempts? = nil
    ) {
        self.name = name
        self.fromShardCount = fromShardCount
        self.toShardCount = toShardCount
        self.shards = shards
        self.pairs = pairs
        self.unit = unit
        self.attempts = attempts
    }

    /// True if the other makes the same of shards and members. Keys come and go meanwhile, and do not count.
    ///
    /// - Parameter isDealtByKeys: which slots go was decided by keys or bytes, and is never quite the same twice.
    public func doesTheSame(as other: Plan, isDealtByKeys: Bool = false) -> Bool {
        struct Part: Hashable {
            var id: ShardID
            var members: Set<MemberID>
            var slots: Int?
        }
        func parts(_ plan: Plan) -> Set<Part> {
            Set(plan.shards.map { Part(id: $0.id, members: Set($0.members), slots: isDealtByKeys ? nil : $0.slots) })
        }
        // Notes tell of bytes.
        func moves(_ plan: Plan) -> Set<Change.Pair> {
            guard plan.unit == "slot", !isDealtByKeys else { return [] }
            return Set(plan.pairs.map { Change.Pair(from: $0.from, to: $0.to, planned: $0.planned) })
        }
        return name == other.name && fromShardCount == other.fromShardCount && toShardCount == other.toShardCount
            && steps == other.steps && parts(self) == parts(other) && moves(self) == moves(other)
    }

    /// Why nothing is done where the cluster is not what it was when a plan was shown.
    public static let outdatedWords =
        "the cluster has changed since this was planned, and something else would be done now; look at the plan again"

    /// All that is counted, what stays included.
    public var total: Int { pairs.moving + pairs.staying }
    /// The keys or slots that would change shard.
    public var moving: Int { pairs.moving }
}
