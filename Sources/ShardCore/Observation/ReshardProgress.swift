/// The running or last change of the layout, counted where the work is done.
///
/// The node that coordinates it has every figure; the others know the operation, its phase and their own part.
public struct ReshardProgress: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable { case reshard, addMember, removeMember }

    /// The phases in the order in which they run, then the ways to end.
    public enum Phase: String, Codable, Sendable, CaseIterable, Comparable {
        case check, collate, rebalance, broadcast, freeze
        case done, failed, aborted

        public var isEnd: Bool { self >= .done }

        public static func < (left: Self, right: Self) -> Bool { left.order < right.order }

        private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public struct Timing: Codable, Hashable, Sendable {
        public var phase: Phase
        /// Since the operation began.
        public var startMicroseconds: UInt64
        /// Nil while the phase runs.
        public var durationMicroseconds: UInt64?

        public init(phase: Phase, startMicroseconds: UInt64, durationMicroseconds: UInt64? = nil) {
            self.phase = phase
            self.startMicroseconds = startMicroseconds
            self.durationMicroseconds = durationMicroseconds
        }
    }

    /// A seed tried, and how many nodes each shard got under it. A seed is given up as soon as it cannot succeed any
    /// more, so the deal of a seed that failed may be partial.
    public struct SeedTry: Codable, Hashable, Sendable {
        public var seed: UInt64
        public var deal: [Int]
        public var balanced: Bool

        public init(seed: UInt64, deal: [Int], balanced: Bool) {
            self.seed = seed
            self.deal = deal
            self.balanced = balanced
        }
    }

    /// The keys read of one old shard.
    public struct Collated: Codable, Hashable, Sendable {
        public var shard: Int
        /// The member it is read from.
        public var source: NodeAddress?
        /// Keys read so far, tombstones not counted.
        public var keys: Int
        public var bytes: Int
        /// Keys that the source held when the read began.
        public var keysTotal: Int

        public init(shard: Int, source: NodeAddress? = nil, keys: Int = 0, bytes: Int = 0, keysTotal: Int = 0) {
            self.shard = shard
            self.source = source
            self.keys = keys
            self.bytes = bytes
            self.keysTotal = keysTotal
        }
    }

    /// Keys of one old shard that belong to one new shard. Where both are the same shard id the keys may still have
    /// to reach members that were elsewhere before.
    public struct Move: Codable, Hashable, Sendable {
        public var from: Int
        public var to: Int
        /// Keys that the rebalance found for this pair.
        public var planned: Int
        /// Keys of the pair confirmed by every node that lacked them.
        public var moved: Int

        public init(from: Int, to: Int, planned: Int = 0, moved: Int = 0) {
            self.from = from
            self.to = to
            self.planned = planned
            self.moved = moved
        }
    }

    /// One node's part in the change.
    public struct Part: Codable, Hashable, Sendable {
        public enum State: String, Codable, Sendable {
            case waiting, staging, staged, frozen, accepted, switched, lost
        }

        public var node: NodeAddress
        public var fromShard: Int?
        public var toShard: Int?
        /// Records to send to it, tombstones included; grows while the cluster takes writes.
        public var planned: Int
        public var sent: Int
        public var confirmed: Int
        public var state: State

        public init(node: NodeAddress, fromShard: Int?, toShard: Int?) {
            self.node = node
            self.fromShard = fromShard
            self.toShard = toShard
            planned = 0
            sent = 0
            confirmed = 0
            state = .waiting
        }
    }

    /// Of a change that goes on a step at a time, at a presenter's word.
    public enum Step: String, Codable, Sendable {
        /// Nothing happens before the next step.
        case waiting
        case running
    }

    public var operation: String
    public var kind: Kind
    public var coordinator: NodeAddress
    public var fromEpoch: UInt64
    public var toEpoch: UInt64
    public var fromShardCount: Int
    public var toShardCount: Int
    public var phase: Phase
    public var timings: [Timing] = []
    public var seedsTried = 0
    /// The last seeds tried, at most ``seedTriesMax``, the newest last.
    public var seedTries: [SeedTry] = []
    public var seed: UInt64?
    public var placement: NodePlacement?
    public var collated: [Collated] = []
    /// Keys whose new shard is known, of those collated.
    public var keysRebalanced = 0
    public var moves: [Move] = []
    public var parts: [Part] = []
    /// The time for which writes were held: the longest of all nodes. Nil until they go on.
    public var writePauseMicroseconds: UInt64?
    /// Since 1970.
    public var startedMilliseconds: UInt64
    public var lastProgressMilliseconds: UInt64
    public var finishedMilliseconds: UInt64?
    /// Whom or what the change waits for, in words; nil if it moves. Filled in where it is told (``ChangeReport``).
    public var waitingFor: String?
    /// Why it failed, in words, filled in likewise.
    public var error: String?
    /// True until the point of no return.
    public var isAbortable = true
    /// Nil if the change goes on by itself.
    public var step: Step?
    /// The coordinator's limit, where one is set.
    public var keysPerSecondMax: Int?

    public static let seedTriesMax = 32

    public init(
        operation: String, kind: Kind, coordinator: NodeAddress, fromEpoch: UInt64, toEpoch: UInt64,
        fromShardCount: Int, toShardCount: Int, phase: Phase, startedMilliseconds: UInt64
    ) {
        self.operation = operation
        self.kind = kind
        self.coordinator = coordinator
        self.fromEpoch = fromEpoch
        self.toEpoch = toEpoch
        self.fromShardCount = fromShardCount
        self.toShardCount = toShardCount
        self.phase = phase
        self.startedMilliseconds = startedMilliseconds
        lastProgressMilliseconds = startedMilliseconds
    }
}

/// The outcome that a reshard would have now: the answer to a dry run.
public struct ReshardPlan: Codable, Hashable, Sendable {
    public var fromShardCount: Int
    public var toShardCount: Int
    public var seed: UInt64
    public var seedsTried: Int
    public var seedTries: [ReshardProgress.SeedTry]
    public var placement: NodePlacement
    /// The members each shard would have.
    public var shards: [[NodeAddress]]
    /// Keys by (old shard, new shard); `moved` is 0.
    public var moves: [ReshardProgress.Move]

    public init(
        fromShardCount: Int, toShardCount: Int, seed: UInt64, seedsTried: Int,
        seedTries: [ReshardProgress.SeedTry], placement: NodePlacement, shards: [[NodeAddress]],
        moves: [ReshardProgress.Move]
    ) {
        self.fromShardCount = fromShardCount
        self.toShardCount = toShardCount
        self.seed = seed
        self.seedsTried = seedsTried
        self.seedTries = seedTries
        self.placement = placement
        self.shards = shards
        self.moves = moves
    }
}
