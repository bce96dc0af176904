/// One node of a cluster, as it was polled and as the others tell of it.
public struct Member: Codable, Hashable, Sendable {
    /// The role of a node in its shard.
    public enum Role: String, Codable, Sendable {
        /// One among equals.
        case equal
        case primary, replica
    }

    /// What is missing while a node that is in no shard is down.
    public enum Absence: String, Codable, Sendable {
        /// Nothing: it has no keys to serve.
        case nothing
        /// It has not heard of the layout in force: it may have writes that the others lack.
        case perhapsWrites
    }

    /// How a node is doing.
    public struct Condition: Codable, Hashable, Sendable {
        public var level: Level
        /// In a word or two, the same everywhere: "catching up".
        public var words: String

        public init(_ level: Level, _ words: String) {
            self.level = level
            self.words = words
        }

        public var isGood: Bool { level == .good }
        public var isBad: Bool { level == .bad }
    }

    /// The amount of data that has not yet come where it belongs: "12 writes", "34 kB".
    public struct Lag: Codable, Hashable, Sendable {
        public enum Unit: String, Codable, Sendable { case writes, bytes }

        public var amount: UInt64
        public var unit: Unit
        /// Since the last word between the two; nil if that is not told.
        public var seconds: UInt64?

        public init(_ amount: UInt64, _ unit: Unit, seconds: UInt64? = nil) {
            self.amount = amount
            self.unit = unit
            self.seconds = seconds
        }
    }

    public var id: MemberID
    /// Nil for none, or not told.
    public var shard: ShardID?
    /// False if the node does not say which shard it is in, nor that it is in none.
    public var isShardTold = true
    public var role = Role.equal
    /// Of a replica, whom it copies.
    public var primary: MemberID?
    public var condition: Condition
    /// The engine's own word for how it is, where that says more than the condition: "serving".
    public var standing: String?
    /// Of a node that is down and in no shard, what is missing without it; nil for any other node.
    public var absence: Absence?
    /// True if it answers while its peers do not hear it.
    public var isCutOff = false
    /// Keys that it said it holds; of old where it does not answer now.
    public var keys: Int?
    public var lag: Lag?
    public var readsPerSecond: Double?
    public var writesPerSecond: Double?
    /// Reads and writes together, where they are not told apart.
    public var operationsPerSecond: Double?
    public var memoryBytes: UInt64?
    /// Nil for no bound, or not told.
    public var memoryBytesMax: UInt64?
    /// From request to answer, of what it serves; nil if nothing was asked, or not told.
    public var latencyMicrosecondsP99: UInt64?
    /// Of one core, over the last second or so: 0 ... 1 and above.
    public var cpuShare: Double?
    /// How it keeps what it holds, in a word or two: "sync", "memory"; and whether it does.
    public var disk: Condition?
    /// Connections of clients, this program's among them.
    public var clients: Int?
    /// Of its program.
    public var version: String?
    public var uptimeMilliseconds: UInt64?
    /// Its slots, where the placement has any.
    public var slots: Int?
    /// The layout that it is in, where the engine numbers them.
    public var epoch: UInt64?
    /// The same for people, where it is more than a number.
    public var epochWords: String?
    /// True if it is one that the source polls; false for one that others name only.
    public var isPolled = false
    /// Has it ever answered?
    public var hasAnswered = false
    /// Did it answer the last poll?
    public var isReachable = false
    /// Why it did not, for a person.
    public var problem: String?
    /// True if it answered, and tells this program nothing: it is up, and refuses. Nil, as in recordings of earlier
    /// versions, counts as false.
    public var isRefusing: Bool?
    /// Why this program itself could not ask it the last time, for a person; what else is told is older then.
    public var notAsked: String?
    /// When it answered last, since 1970; nil for never.
    public var answeredMilliseconds: UInt64?
    /// How long the last answer took.
    public var pollMicroseconds: UInt64?
    /// All else that it tells of itself, for its own page, in the order to show it in.
    public var details: [Fact] = []

    public init(id: MemberID, shard: ShardID? = nil, condition: Condition) {
        self.id = id
        self.shard = shard
        self.condition = condition
    }
}

extension Member {
    /// All operations a second; nil if it tells of none.
    public var allOperationsPerSecond: Double? {
        if let operationsPerSecond { return operationsPerSecond }
        guard readsPerSecond != nil || writesPerSecond != nil else { return nil }
        return (readsPerSecond ?? 0) + (writesPerSecond ?? 0)
    }
}
