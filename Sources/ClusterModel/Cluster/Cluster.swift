/// A cluster as a person wants to see it, from one look at all its nodes; whatever its engine.
public struct Cluster: Codable, Hashable, Sendable {
    /// The program that its nodes run.
    public struct Engine: Codable, Hashable, Sendable {
        /// For people: "shardnode", "Valkey", "Redis"; nil where it is not known.
        public var name: String?
        /// Of the program, of the most nodes.
        public var version: String?

        public init(name: String? = nil, version: String? = nil) {
            self.name = name
            self.version = version
        }
    }

    /// Tells it from all other clusters; nil where its engine has no such thing.
    public var id: String?
    public var engine = Engine()
    /// When the look ended, since 1970.
    public var takenMilliseconds: UInt64
    /// In the order of their ids; whoever shows them may sort them otherwise after ``notePlaces()``.
    public var shards: [Shard] = []
    /// Nodes in no shard, and those that do not say in which.
    public var others: [Member] = []
    /// For the header, in the order to show them in.
    public var facts: [Fact] = []
    /// The troubles of the cluster as a whole, the worst first.
    public var troubles: [Trouble] = []
    /// Who is let in; nil where the nodes do not tell.
    public var access: Access?
    /// Of placements by slots, who has which.
    public var slots: SlotMap?
    /// Numbers the layouts, so that two can be compared; nil where nobody tells.
    public var epoch: UInt64?
    /// True where its nodes tell members and counts only: no rates, no events, no phases.
    public var isBasic = false
    /// False where none of its nodes tells which shards there are.
    public var isTold = true
    /// The change that is furthest: a running one before a finished one; nil where nobody tells of any.
    public var change: Change?
    /// A change that no node tells of, as far as polls show it.
    public var inferred: InferredChange?
    /// The place of each shard in the order of their ids, whatever they are sorted by. Its colour goes by this.
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

    /// The number that a shard's colour goes by; shards that are not there yet come behind those that are, by their
    /// number.
    public func place(of shard: ShardID) -> Int { places[shard] ?? shard.number ?? 0 }

    /// All members in the order of the screen: shard by shard, then those in none.
    public var members: [Member] { shards.flatMap(\.members) + others }

    /// True where one of the members, in a shard or in none, is so.
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
    /// Those that are not down, whatever else they are.
    public var nodesUp: Int { members.count { !$0.condition.isBad } }

    /// Over all shards; nil where a shard did not tell.
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

    /// True where all are well and there is nothing to say of any.
    public var isWhole: Bool { troubles.isEmpty && members.allSatisfy(\.condition.isGood) }
}
