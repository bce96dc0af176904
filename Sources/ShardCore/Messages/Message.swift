/// A message from one node to another, with what its sender is. May be lost, doubled, late or out of order.
public struct Envelope: Hashable, Sendable {
    public let from: NodeAddress
    /// The cluster that the sender belongs to; nil while it has not met one.
    public let cluster: ClusterMark?
    public let incarnation: UInt64
    /// The epoch in force at the sender.
    public let epoch: UInt64
    /// The highest timestamp the sender knows, so that clocks stay close.
    public let timestamp: UInt64
    public let message: Message

    public init(
        from: NodeAddress, cluster: ClusterMark?, incarnation: UInt64, epoch: UInt64, timestamp: UInt64,
        message: Message
    ) {
        self.from = from
        self.cluster = cluster
        self.incarnation = incarnation
        self.epoch = epoch
        self.timestamp = timestamp
        self.message = message
    }
}

/// Kept elsewhere, so that an envelope is cheap to copy: that is done often on its way out.
public indirect enum Message: Hashable, Sendable {
    case heartbeat(Heartbeat)
    /// The sender stops now, and asks for no more.
    case leaving
    /// The answer to a word under another cluster's id.
    case otherCluster(ClusterNotice)
    /// The answer to a start that is older than another one of the same address, last heard so long ago.
    case laterStart(UInt64, silentMilliseconds: UInt64)

    // The layout in force.
    case epochWanted
    case epoch(EpochRecord)

    // Replication within a shard.
    case replicate(Replication)
    /// All that the sender covers of the epoch in the envelope.
    case replicated(VersionVector)
    case fetch(Fetch)
    case fetched(FetchPage)
    /// Entries that the sender holds and the receiver's shard owns.
    case handOn(id: UInt64, records: [Record])
    case handedOn(id: UInt64)
    /// Older-epoch writes that reached their owners after the epoch's baseline was drawn.
    case baselineExtended(VersionVector)

    // Requests that another node serves. Of the requests only get, put, delete and keyCount are forwarded.
    case forward(Forward)
    case forwarded(id: UInt64, Reply)
    case probe(id: UInt64, key: String)
    case probed(id: UInt64, version: Version?, isTombstone: Bool)

    // Counting for a dry run: the receiver's keys by the shard they would belong to.
    case count(id: UInt64, seed: UInt64, shardCount: Int)
    case counted(id: UInt64, keys: [Int])

    // Changing the layout.
    case prepare(OperationID, ballot: Ballot)
    /// Asks for a promise to whoever finishes for a silent coordinator. Binds nobody: where those that are left cannot
    /// finish, others must still be able to begin.
    case recover(OperationID, ballot: Ballot)
    /// An answer of a voter says which starts of the layout's members it knows of; empty if it has no vote.
    case promised(OperationID, ballot: Ballot, accepted: Accepted?, crashVector: CrashVector)
    /// The receiver is bound to another operation, or to a higher ballot.
    case busy(OperationID, ballot: Ballot, with: OperationID)
    case collate(OperationID, cursor: UInt64, keysMax: Int)
    case collated(OperationID, CollatePage)
    /// Asks for the entries in slots that a ``collated`` page named.
    case gather(OperationID, number: UInt64, slots: [UInt32])
    case gathered(OperationID, GatherPage)
    case stage(OperationID, Stage)
    case staged(OperationID, sequence: UInt64)
    case freeze(OperationID)
    case frozen(OperationID, vector: VersionVector)
    /// Asks for the receiver's changes since the collate, from `cursor` on; the answer comes once it covers `target`.
    case change(OperationID, round: UInt64, cursor: UInt64, target: VersionVector)
    case changed(OperationID, ChangePage)
    case accept(OperationID, ballot: Ballot, EpochRecord)
    case accepted(OperationID, ballot: Ballot, crashVector: CrashVector)
    case commit(EpochRecord)
    case committed(epoch: UInt64, pauseMicroseconds: UInt64)
    case abort(OperationID)
    /// Asks a member to accept nothing under a lower ballot; answered like ``prepare(_:ballot:)``, and binds nobody.
    case close(OperationID, ballot: Ballot)
    /// The coordinator lives: prolongs the lease of what it was promised, and says how far it is.
    case lease(OperationID, phase: ReshardProgress.Phase)
    /// The sender started without its votes, and asks what it may have forgotten.
    case votesWanted
    case votes(VoteReport)
}

/// Names one heartbeat of one start of a node.
public struct HeartbeatNumber: Hashable, Sendable {
    public let incarnation: UInt64
    public let count: UInt64

    public init(incarnation: UInt64, count: UInt64) {
        self.incarnation = incarnation
        self.count = count
    }
}

public struct Heartbeat: Hashable, Sendable {
    /// Grows with every heartbeat of this start of the sender.
    public let count: UInt64
    /// The receiver's last heartbeat that the sender has heard: this one was sent after it.
    public let heard: HeartbeatNumber?
    public let state: ServingState
    public let wallMicroseconds: UInt64
    /// The writes of the epoch in the envelope that the sender covers.
    public let vector: VersionVector
    /// The own writes that the sender handed on; nil while it still hands on.
    public let handedOn: VersionVector?
    /// True if the sender takes part in no open change of the layout.
    public let isOutsideChanges: Bool
    /// All nodes the sender knows, with what operators said of them.
    public let nodes: [KnownNode]
    /// True if the sender wants one back at once.
    public let wantsReply: Bool

    public init(
        count: UInt64, heard: HeartbeatNumber?, state: ServingState, wallMicroseconds: UInt64, vector: VersionVector,
        handedOn: VersionVector?, isOutsideChanges: Bool, nodes: [KnownNode], wantsReply: Bool
    ) {
        self.count = count
        self.heard = heard
        self.state = state
        self.wallMicroseconds = wallMicroseconds
        self.vector = vector
        self.handedOn = handedOn
        self.isOutsideChanges = isOutsideChanges
        self.nodes = nodes
        self.wantsReply = wantsReply
    }
}

/// A client's request, passed on to a member of the key's shard.
public struct Forward: Hashable, Sendable {
    public let id: UInt64
    /// Chosen by the node that took the request, so that a write carried out twice is the same write.
    public let timestamp: UInt64
    /// True if an earlier try may have been carried out.
    public let isRetry: Bool
    /// True for a write where the sender knows of all that the context names of other shards than the receiver's.
    public let isConfirmed: Bool
    public let request: Request

    public init(id: UInt64, timestamp: UInt64, isRetry: Bool, isConfirmed: Bool = false, request: Request) {
        self.id = id
        self.timestamp = timestamp
        self.isRetry = isRetry
        self.isConfirmed = isConfirmed
        self.request = request
    }
}

/// Writes of one origin to a fellow member of its shard.
public struct Replication: Hashable, Sendable {
    public let origin: Origin
    /// The records are the current entries of all keys that writes `after + 1 ... upTo` touched.
    public let after: UInt64
    public let upTo: UInt64
    /// The origin may be covered up to `upTo` once this is covered: what the sender covered when it sent them.
    public let requires: VersionVector
    public let records: [Record]

    public init(origin: Origin, after: UInt64, upTo: UInt64, requires: VersionVector, records: [Record]) {
        self.origin = origin
        self.after = after
        self.upTo = upTo
        self.requires = requires
        self.records = records
    }
}

/// Asks a fellow member for all entries that `have` does not cover.
public struct Fetch: Hashable, Sendable {
    public let id: UInt64
    /// Nil if the asker lacks more than that would say, and wants everything.
    public let have: VersionVector?
    public let cursor: UInt64
    /// True if no member of the shard is whole, and the asker wants what there is.
    public let isRescue: Bool

    public init(id: UInt64, have: VersionVector?, cursor: UInt64, isRescue: Bool = false) {
        self.id = id
        self.have = have
        self.cursor = cursor
        self.isRescue = isRescue
    }
}

public struct FetchPage: Hashable, Sendable {
    public let id: UInt64
    public let cursor: UInt64
    public let records: [Record]
    /// The start of the next page; nil after the last.
    public let next: UInt64?
    /// The vector of the sender when it made this page. After the last page the receiver covers that of the first.
    /// Where it must start over, this is the vector of the deletions that the sender has forgotten.
    public let vector: VersionVector
    /// True if the sender has forgotten deletions that the receiver does not know of.
    public let mustStartOver: Bool

    public init(
        id: UInt64, cursor: UInt64, records: [Record], next: UInt64?, vector: VersionVector, mustStartOver: Bool = false
    ) {
        self.id = id
        self.cursor = cursor
        self.records = records
        self.next = next
        self.vector = vector
        self.mustStartOver = mustStartOver
    }
}

/// A page of a shard's keys, deleted ones included.
public struct CollatePage: Hashable, Sendable {
    public let cursor: UInt64
    public let keys: [SlotKey]
    public let next: UInt64?
    /// Keys that the member holds, deleted ones not counted.
    public let keysTotal: Int

    public init(cursor: UInt64, keys: [SlotKey], next: UInt64?, keysTotal: Int) {
        self.cursor = cursor
        self.keys = keys
        self.next = next
        self.keysTotal = keysTotal
    }
}

/// The entries of the first ``taken`` slots that were asked for, as they are now.
public struct GatherPage: Hashable, Sendable {
    /// That of the question.
    public let number: UInt64
    public let taken: Int
    public let records: [Record]

    public init(number: UInt64, taken: Int, records: [Record]) {
        self.number = number
        self.taken = taken
        self.records = records
    }
}

/// Entries changed since the collate began.
public struct ChangePage: Hashable, Sendable {
    /// The coordinator's round of questions that this answers; one that comes late says nothing of a later round.
    public let round: UInt64
    public let cursor: UInt64
    public let records: [Record]
    public let next: UInt64
    /// True if nothing is left and the target is covered.
    public let isComplete: Bool

    public init(round: UInt64, cursor: UInt64, records: [Record], next: UInt64, isComplete: Bool) {
        self.round = round
        self.cursor = cursor
        self.records = records
        self.next = next
        self.isComplete = isComplete
    }
}

/// A batch of a node's portion. The first, of sequence 0, carries the layout to come.
public struct Stage: Hashable, Sendable {
    public let sequence: UInt64
    public let layout: Layout?
    public let records: [Record]

    public init(sequence: UInt64, layout: Layout?, records: [Record]) {
        self.sequence = sequence
        self.layout = layout
        self.records = records
    }
}
