/// The running or last change of a cluster's layout, counted where the work is done.
public struct Change: Codable, Hashable, Sendable {
    /// The end of the change.
    public struct Outcome: Codable, Hashable, Sendable {
        public enum Kind: String, Codable, Sendable { case done, failed, aborted }

        public var kind: Kind
        /// The reason why it failed, or was ended.
        public var reason: String?
        /// The state of the cluster after a change that was not done: "nothing was moved".
        public var state: String?

        public init(_ kind: Kind, reason: String? = nil, state: String? = nil) {
            self.kind = kind
            self.reason = reason
            self.state = state
        }
    }

    /// The keys or slots of one shard that go to another. Those that stay are the pair of a shard with itself.
    public struct Pair: Codable, Hashable, Sendable {
        public var from: ShardID
        public var to: ShardID
        public var planned: Int
        public var done: Int
        /// Bytes moved so far, if they are counted.
        public var bytes: Int?
        /// Words beside its figures, such as slots, size or a failure; nil if there are none.
        public var note: String?

        public init(from: ShardID, to: ShardID, planned: Int = 0, done: Int = 0, bytes: Int? = nil) {
            self.from = from
            self.to = to
            self.planned = planned
            self.done = done
            self.bytes = bytes
        }
    }

    /// One node's part.
    public struct Part: Codable, Hashable, Sendable {
        public var member: MemberID
        public var from: ShardID?
        public var to: ShardID?
        public var planned: Int
        public var sent: Int
        public var confirmed: Int
        /// The state in a word: "staging".
        public var state: String
        public var level: Level?
        /// True while the node receives its part.
        public var isTaking: Bool

        public init(
            member: MemberID, from: ShardID?, to: ShardID?, planned: Int, sent: Int, confirmed: Int, state: String,
            level: Level? = nil, isTaking: Bool = false
        ) {
            self.member = member
            self.from = from
            self.to = to
            self.planned = planned
            self.sent = sent
            self.confirmed = confirmed
            self.state = state
            self.level = level
            self.isTaking = isTaking
        }
    }

    /// The search for a placement.
    public struct Attempts: Codable, Hashable, Sendable {
        /// A seed tried, and how many nodes each shard got under it.
        public struct Attempt: Codable, Hashable, Sendable {
            public var seed: UInt64
            public var deal: [Int]
            public var isBalanced: Bool
            /// The nodes that each shard would get, all nodes placed; nil if nobody tells.
            public var nodes: [[MemberID]]?

            public init(seed: UInt64, deal: [Int], isBalanced: Bool) {
                self.seed = seed
                self.deal = deal
                self.isBalanced = isBalanced
            }
        }

        /// The number of all attempts.
        public var tried: Int
        /// The last of them, the newest last.
        public var tries: [Attempt]
        /// The seed that was taken.
        public var seed: UInt64?
        /// True if none was found, and nodes are dealt in turn.
        public var isDealt: Bool
        /// Keys whose new shard is known.
        public var keysHashed: Int

        public init(tried: Int, tries: [Attempt], seed: UInt64?, isDealt: Bool = false, keysHashed: Int = 0) {
            self.tried = tried
            self.tries = tries
            self.seed = seed
            self.isDealt = isDealt
            self.keysHashed = keysHashed
        }
    }

    /// The result of a check at the end of the change.
    public struct Finding: Codable, Hashable, Sendable {
        /// `missing` if it could not be checked, `pending` while it is being checked.
        public enum Result: String, Codable, Sendable { case good, bad, pending, missing }

        public var text: String
        public var result: Result

        public init(_ text: String, _ result: Result) {
            self.text = text
            self.result = result
        }
    }

    /// The step of a change that goes on at a presenter's word.
    public enum Step: String, Codable, Sendable { case waiting, running }

    /// The change's id, which no other change has.
    public var id: String
    /// The name of its kind: "reshard", "rebalance", "adding a member".
    public var name: String
    public var fromShardCount: Int?
    public var toShardCount: Int?
    /// The node that leads it; nil if none does.
    public var leader: MemberID?
    /// The performer of the change if no node leads it: "this shardtop", "somebody else".
    public var by: String?
    /// False for one that is only seen: this program can neither end nor pace it.
    public var isOurs = true
    /// All stages, in the order in which they run.
    public var stages: [Stage]
    /// The index of the stage that runs, or ran last.
    public var stage: Int
    /// Nil while it runs.
    public var outcome: Outcome?
    public var pairs: [Pair] = []
    /// The unit that the pairs count, in the singular.
    public var pairUnit = "key"
    public var parts: [Part] = []
    public var attempts: Attempts?
    /// The longest time that a node held clients' writes. Nil until they go on, and if nobody tells.
    public var writePauseMicroseconds: UInt64?
    /// The time of its start, since 1970, by the clock of the node or program that counts.
    public var startedMilliseconds: UInt64
    public var lastProgressMilliseconds: UInt64
    public var finishedMilliseconds: UInt64?
    /// The node or the event that it waits for, in words; nil if it moves.
    public var waitingFor: String?
    /// True until the point of no return.
    public var isAbortable = true
    /// A clause on what is safe now, without a full stop: "the old layout is in force until the switch; abort is safe".
    public var safety = ""
    /// The same in fewer words.
    public var safetyShort = ""
    /// Nil if it goes on by itself.
    public var step: Step?
    /// The limit in keys a second, if one is set.
    public var paceMax: Int?
    /// The epochs that it leads from and to, if the engine numbers its layouts.
    public var fromEpoch: UInt64?
    public var toEpoch: UInt64?
    /// A predicate that is true of all nodes once it is done, as far as they are watched: "are in epoch 3 and of one
    /// view".
    public var agreement = ""
    /// The findings at its end, by its performer; nil if checking is left to whoever watches.
    public var findings: [Finding]?

    public init(id: String, name: String, stages: [Stage], stage: Int = 0, startedMilliseconds: UInt64) {
        precondition(stages.indices.contains(stage), "stage \(stage) of \(stages.count)")
        self.id = id
        self.name = name
        self.stages = stages
        self.stage = stage
        self.startedMilliseconds = startedMilliseconds
        lastProgressMilliseconds = startedMilliseconds
    }
}

extension Change {
    /// No change takes longer; figures from others are bounded by it.
    private static let spentMillisecondsMax: UInt64 = 315_360_000_000

    /// The time from its beginning to its end, or to its last progress, by the clock of the node or program that
    /// counts. The two are compared with nothing else, so it does not matter whether that clock is right. At most ten
    /// years.
    public var spentMilliseconds: UInt64 {
        let last = finishedMilliseconds ?? lastProgressMilliseconds
        return min(Self.spentMillisecondsMax, last - min(last, startedMilliseconds))
    }

    public var isOver: Bool { outcome != nil }
    public var isDone: Bool { outcome?.kind == .done }

    /// The stage that runs, or ran last.
    public var current: Stage { stages[min(max(0, stage), stages.count - 1)] }

    /// A few words: "reshard 2 to 3 shards".
    public var title: String {
        guard let toShardCount else { return name }
        let shards = "\(toShardCount) shard\(toShardCount == 1 ? "" : "s")"
        return fromShardCount.map { "\(name) \($0) to \(shards)" } ?? "\(name) to \(shards)"
    }
}

extension Collection<Change.Pair> {
    /// The keys or slots that change shard.
    public var moving: Int { reduce(0) { $0 + ($1.from == $1.to ? 0 : $1.planned) } }
    /// Those that stay in theirs.
    public var staying: Int { reduce(0) { $0 + ($1.from == $1.to ? $1.planned : 0) } }
}
