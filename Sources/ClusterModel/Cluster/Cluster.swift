/// A cluster as a person wants to see it, from one look at all its nodes, whatever its engine.
public struct Cluster: Codable, Hashable, Sendable {
    /// The program that its nodes run.
    public struct Engine: Codable, Hashable, Sendable {
        /// The name for people: "shardnode", "Valkey", "Redis"; nil if it is not known.
        public var name: String?
        /// The version of the program that most nodes run.
        public var version: String?

        public init(name: String? = nil, version: String? = nil) {
            self.name = name
            self.version = version
        }
    }

    /// The cluster's id, which no other cluster has; nil if its engine has no ids.
    public var id: String?
    public var engine = Engine()
    /// The time at which the look ended, since 1970.
    public var takenMilliseconds: UInt64
    /// In the order of their ids. A view may sort them otherwise after ``notePlaces()``.
    public var shards: [Shard] = []
    /// Nodes in no shard, and those that do not say in which.
    public var others: [Member] = []
    /// Facts for the header, in the order to show them in.
    public var facts: [Fact] = []
    /// The troubles of the cluster as a whole, the worst first.
    public var troubles: [Trouble] = []
    /// The access of peers and clients; nil if the nodes do not tell.
    public var access: Access?
    /// The owners of the slots, for placements by slots.
    public var slots: SlotMap?
    /// The number of the layout, so that two can be compared; nil if nobody tells.
    public var epoch: UInt64?
    /// True if its nodes tell members and counts only: no rates, no events, no phases.
    public var isBasic = false
    /// False if none of its nodes tells which shards there are.
    public var isTold = true
    /// The change that is furthest, a running one before a finished one; nil if nobody tells of any.
    public var change: Change?
    /// A change that no node tells of, as far as polls show it.
    public var inferred: InferredChange?
    /// The place of each shard in the order of their ids, however they are sorted. Its colour goes by this.
    private var places: [ShardID: Int] = [:]

    public init(takenMilliseconds: UInt64) { self.takenMilliseconds = takenMilliseconds }

    private enum CodingKeys: String, CodingKey {
        case id, engine, takenMilliseconds, shards, others, facts, troubles, access, slots, epoch, isBasic, isTold
        case change, inferred
    }
}

extension Cluster {
    /// Keeps the order in which the shards stand now, that of their ids, for their colours.
    public mutating func notePlaces() {
        places = Dictionary(shards.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The number that a shard's colour goes by. Shards without a place yet come behind those with one, by their
    /// number.
    public func place(of shard: ShardID) -> Int { places[shard] ?? shard.number ?? 0 }

    /// All members in the order of the screen: shard by shard, then those in none.
    public var members: [Member] { shards.flatMap(\.members) + others }

    /// True if one of the members, in a shard or in none, meets the condition.
    public func hasMember(where isSo: (Member) -> Bool) -> Bool {
        shards.contains { $0.members.contains(where: isSo) } || others.contains(where: isSo)
    }

    public func member(_ id: MemberID) -> Member? {
        for shard in shards {
            if let member = shard.members.first(where: { $0.id == id }) { return member }
        }
        return others.first { $0.id == id }
    }

    public var nodesAll: Int { shards.reduce(others.count) { $0 + $1.members.count } }
    /// The number of nodes that are not down, whatever else they are.
    public var nodesUp: Int { members.count { !$0.condition.isBad } }

    /// The keys of all shards; nil if a shard did not tell.
    public var keys: Int? {
        var sum = 0
        for shard in shards {
            guard let keys = shard.keys else { return nil }
            sum += keys
        }
        return shards.isEmpty ? nil : sum
    }

    /// The slowest answer of the last poll.
    public var pollMicroseconds: UInt64? { members.filter(\.isReachable).compactMap(\.pollMicroseconds).max() }

    /// The share of all keys that a shard holds, and how far that is from even, both as fractions.
    public func share(of shard: Shard) -> (share: Double, deviation: Double)? {
        guard let total = keys, total > 0, let keys = shard.keys else { return nil }
        let share = Double(keys) / Double(total)
        return (share, share * Double(shards.count) - 1)
    }

    /// True if all members are well and there are no troubles.
    public var isWhole: Bool { troubles.isEmpty && members.allSatisfy(\.condition.isGood) }
}
