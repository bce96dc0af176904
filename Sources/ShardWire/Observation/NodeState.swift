import ShardCore

/// A node's whole state: the answer to `GET /shardnode/v1/state`.
public struct NodeState: Codable, Hashable, Sendable {
    /// Counts incompatible changes of the data under `/shardnode/v1`.
    public static let format = 1

    public var format = Self.format
    /// The version of the program.
    public var version: String
    public var replica: ReplicaStatus
    /// The event that the node waits for before it serves, and what an operator can do, in words; nil if there is none.
    public var waitsFor: String?
    public var traffic: Traffic
    public var process: ProcessState
    /// Nil for a node that keeps its entries in memory only.
    public var disk: DiskState?
    /// The access of peers and clients to the node; nil in the state of an older node, which lets everybody in.
    public var security: SecurityState?
    /// The running or last change of the layout that this node knows.
    public var reshard: ReshardProgress?
    /// The sequence number of the newest event; 0 if there was none.
    public var lastEvent: UInt64

    public init(
        version: String, replica: ReplicaStatus, traffic: Traffic, process: ProcessState, disk: DiskState? = nil,
        security: SecurityState? = nil, reshard: ReshardProgress?, lastEvent: UInt64
    ) {
        self.version = version
        self.replica = replica
        waitsFor = replica.wait?.description
        self.traffic = traffic
        self.process = process
        self.disk = disk
        self.security = security
        self.reshard = reshard
        self.lastEvent = lastEvent
    }
}

/// The requests that a node served its clients since it started.
public struct Traffic: Codable, Hashable, Sendable {
    public var reads: UInt64 = 0
    /// Puts and deletes.
    public var writes: UInt64 = 0
    /// Those of both that another node served.
    public var forwarded: UInt64 = 0
    /// Answers of 500 and above.
    public var errors: UInt64 = 0
    /// The rates over the last full second.
    public var readsPerSecond: Double = 0
    public var writesPerSecond: Double = 0
    /// The time from request to answer, over the last ten seconds; nil if nothing was asked.
    public var latencyMicrosecondsP50: Double?
    public var latencyMicrosecondsP99: Double?
    public var connections: Int = 0

    public init() {}
}

/// The resources that the process uses.
public struct ProcessState: Codable, Hashable, Sendable {
    public var id: Int32
    public var uptimeMilliseconds: UInt64
    public var residentBytes: UInt64
    public var cpuMicroseconds: UInt64
    /// Share of one core over the last full second, 0 ... 1 and above.
    public var cpuShare: Double

    public init(
        id: Int32, uptimeMilliseconds: UInt64, residentBytes: UInt64, cpuMicroseconds: UInt64, cpuShare: Double
    ) {
        self.id = id
        self.uptimeMilliseconds = uptimeMilliseconds
        self.residentBytes = residentBytes
        self.cpuMicroseconds = cpuMicroseconds
        self.cpuShare = cpuShare
    }
}

/// The condition of a node's disk.
public struct DiskState: Codable, Hashable, Sendable {
    public var durability: Durability
    /// Changes that are not on the disk yet.
    public var pendingChanges: Int
    /// Transactions since the start.
    public var commits: UInt64
    /// The time that the last commit took.
    public var lastCommitMicroseconds: UInt64
    /// The reason why nothing can be written now; nil while all is well.
    public var problem: String?

    public init(
        durability: Durability, pendingChanges: Int, commits: UInt64, lastCommitMicroseconds: UInt64, problem: String?
    ) {
        self.durability = durability
        self.pendingChanges = pendingChanges
        self.commits = commits
        self.lastCommitMicroseconds = lastCommitMicroseconds
        self.problem = problem
    }
}

/// An event as a node recorded it.
public struct ClusterEvent: Codable, Hashable, Sendable {
    /// Counts the events of one start of one node, from 1.
    public var sequence: UInt64
    /// The time since 1970.
    public var milliseconds: UInt64
    public var kind: Occurrence.Kind
    /// The node that the event is about.
    public var node: NodeAddress?
    public var text: String
    /// The node that recorded it.
    public var recordedBy: NodeAddress

    public init(
        sequence: UInt64, milliseconds: UInt64, kind: Occurrence.Kind, node: NodeAddress?, text: String,
        recordedBy: NodeAddress
    ) {
        self.sequence = sequence
        self.milliseconds = milliseconds
        self.kind = kind
        self.node = node
        self.text = text
        self.recordedBy = recordedBy
    }
}

/// The answer to `GET /shardnode/v1/events?after=N`.
public struct EventPage: Codable, Hashable, Sendable {
    /// The incarnation whose sequence numbers these are; a reader that knew another starts over from 0.
    @ExactNumber public var incarnation: UInt64
    /// Oldest first, at most 1,000.
    public var events: [ClusterEvent]
    /// True if events after the number given were already forgotten.
    public var isTruncated: Bool

    public init(incarnation: UInt64, events: [ClusterEvent], isTruncated: Bool) {
        self.incarnation = incarnation
        self.events = events
        self.isTruncated = isTruncated
    }
}
