/// The step that a coordinator is at, and its times.
struct CoordinatorClock: Sendable {
    let startedMicroseconds: UInt64
    private(set) var step = Coordinator.Step.checking
    private(set) var stepMicroseconds: UInt64
    /// The time when all that was not answered was sent again last.
    private(set) var sentMicroseconds: UInt64
    /// The time when the participants heard of it last.
    private(set) var leaseMicroseconds: UInt64

    init(_ now: Instant) {
        startedMicroseconds = now.monotonicMicroseconds
        (stepMicroseconds, sentMicroseconds, leaseMicroseconds) = (
            startedMicroseconds, startedMicroseconds, startedMicroseconds
        )
    }

    mutating func enter(_ step: Coordinator.Step, _ now: Instant) {
        assert(self.step != .ended, "a coordinator that has ended goes on with \(step)")
        self.step = step
        stepMicroseconds = now.monotonicMicroseconds
    }

    /// The next part of the same step, whose time goes on.
    mutating func goOn(with step: Coordinator.Step) { self.step = step }

    mutating func noteSent(_ now: Instant) { sentMicroseconds = now.monotonicMicroseconds }

    mutating func noteLease(_ now: Instant) { leaseMicroseconds = now.monotonicMicroseconds }
}

/// The vote on a coordinator's layout, and who has followed it so far.
struct CoordinatorRound: Sendable {
    var promised: Set<NodeAddress> = []
    /// The promises and acceptances of the old layout's members.
    var proposer: Proposer
    var decision: EpochRecord?
    var accepted: Set<NodeAddress> = []
    var committed: Set<NodeAddress> = []
    /// The highest round that anybody was bound to: the next attempt goes above it.
    var roundsSeen: UInt64 = 0

    init(_ proposer: Proposer) { self.proposer = proposer }
}

/// The keys that a coordinator has read of the old shards, and the layout that comes of them.
struct CoordinatorCollate: Sendable {
    var collations: [Coordinator.Collation] = []
    var search: SeedSearch?
    var proposal: Layout?
    /// The collation whose keys are being hashed.
    var partitioned = 0
}

/// The entries that a coordinator has on their way to the new shards.
struct CoordinatorBroadcast: Sendable {
    /// The keys that move, a stream for each old shard and new shard.
    var streams: [Stream] = []
    var nextGather: UInt64 = 0
    var staging: [NodePortion] = []
    var changeRounds = 0
    /// Of the questions for changes that are open; never the same twice.
    var changeRound: UInt64 = 0
    var frozen: [NodeAddress: VersionVector] = [:]
    var targets: [Int: VersionVector] = [:]
}

/// The nodes that take part in a coordinator's change.
struct CoordinatorParties: Sendable {
    /// Those asked to take part, then those that do.
    var participants: [NodeAddress]
    /// All nodes known, to be told the decision.
    var audience: [NodeAddress]
    /// The start of each participant that takes part.
    var starts: [NodeAddress: UInt64] = [:]
}

/// A presenter's hand on a coordinator.
struct CoordinatorPresenter: Sendable {
    var pacer: Pacer
    /// True while only the presenter's word is missing for the freeze.
    var awaitsFreeze = false
    var isFreezeReleased = false
}
