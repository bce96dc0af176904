/// Names a client request within one node, so that its reply finds its way back.
public struct RequestID: Hashable, Sendable {
    public let value: UInt64
    public init(_ value: UInt64) { self.value = value }
}

/// Something that happens to a replica.
public enum Event: Sendable {
    case request(RequestID, Request)
    case message(Envelope)
    /// The connection to a peer broke, or could not be made. A hint: timeouts alone decide that a peer is down.
    case unreachable(NodeAddress)
    /// Time passed; comes every ``ReplicaConfiguration/tickMilliseconds``.
    case tick
    /// The answer to ``Directive/resume``.
    case resume
    /// Stop gracefully: take no more requests, pass on what peers lack, then say ``Directive/drained``.
    case drain
    /// The disk takes changes again, or has stopped taking them.
    case disk(isWritable: Bool)
}

/// A step that a replica wants done. The order counts.
public enum Directive: Sendable {
    /// Put this on the disk. The directives after it rest on it.
    indirect case persist(DiskChange)
    case reply(RequestID, Reply)
    case send(Envelope, to: NodeAddress)
    /// Hand in ``Event/resume`` soon: after other events had their turn, and not before the time given.
    case resume(afterMicroseconds: UInt64)
    case record(Occurrence)
    /// Everything accepted has been passed on, or cannot be: the node may end.
    case drained
}

/// The settings of a replica.
public struct ReplicaConfiguration: Sendable {
    public var address: NodeAddress
    /// The addresses of all nodes at start, this one's included.
    public var view: [NodeAddress]
    /// Nil for a joiner.
    public var shardCount: Int?
    /// Unique among all starts of this node, and higher than the earlier ones.
    public var incarnation: UInt64
    /// Tells apart clusters that are founded with the same view and shard count; the same on all founders.
    public var clusterName: String?
    /// Drawn at random for each start: a founder's proposal for the part of the cluster's id that is drawn.
    public var draw: UInt64 = 0
    /// The longest time that a request waits for its dependencies.
    public var dependencyWaitMilliseconds: UInt64 = 5_000
    public var tickMilliseconds: UInt64 = 50
    public var heartbeatMilliseconds: UInt64 = 250
    /// A peer that is silent for this long is down.
    public var silenceMillisecondsMax: UInt64 = 2_000
    /// The longest time that replication waits to collect more writes.
    public var replicationDelayMicroseconds: UInt64 = 500
    public var batchBytesMax = 256 * 1024
    /// The least age at which a tombstone is forgotten: longer than any message is under way.
    public var tombstoneMilliseconds: UInt64 = 10_000
    /// The reshard's limit in keys a second; nil for none.
    public var reshardKeysPerSecondMax: Int?
    /// The number of members that must hold a write before it is answered, including the one that took it.
    public var writeAcks = 1
    /// True if the node keeps its entries on a disk, and the replica is to say what goes there.
    public var hasDisk = false
    /// The most requests held or waiting; beyond it they are refused.
    public var waitingMax = 50_000
    /// True if a debug build checks the invariants after each event; the simulator wants it.
    package var checksInvariants = false
    /// A mistake to make on purpose; only the simulator's own tests set it.
    package var plantedBug: PlantedBug?

    public init(address: NodeAddress, view: [NodeAddress], shardCount: Int?, incarnation: UInt64) {
        self.address = address
        self.view = view
        self.shardCount = shardCount
        self.incarnation = incarnation
    }

    /// The settings that this node founds a cluster with; nil for a joiner.
    var founding: FoundingSettings? {
        shardCount.map { FoundingSettings(view: view, shardCount: $0, name: clusterName) }
    }
}
