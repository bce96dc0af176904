/// The state that a node must still have after a restart, apart from its entries.
///
/// It is written together with the entries of the same moment, so that what a disk holds is always the state that the
/// node once was in: a causal prefix.
public struct DurableState: Hashable, Sendable {
    public var address: NodeAddress
    /// The start that wrote it. A later start takes a higher one, so no counter is ever used twice, whatever part of
    /// its last writes the disk lost.
    public var incarnation: UInt64
    /// The cluster that it belongs to; nil of a version that knew no ids, and of a node that has met none.
    public var cluster: ClusterMark?
    public var record: EpochRecord
    /// The writes of the epoch in force that the node covers.
    public var vector: VersionVector
    /// The deletions of that epoch whose tombstones it has forgotten.
    public var collected: VersionVector
    /// No later than this were the deletions whose tombstones it has forgotten, in this epoch and before.
    public var timestampsPast: UInt64
    /// False while it lacks entries of its shard: then the entries alone do not say what was deleted.
    public var isWhole: Bool
    /// Own writes of older epochs that reached their owners late.
    public var extensions: VersionVector
    /// The decisions of operators about nodes.
    public var decisions: [KnownNode]
    /// The voter's part in deciding the next epoch.
    public var promised: Ballot?
    public var accepted: Accepted?
    public var voter: VoterState
    /// The operations whose portion for this node is on the disk in full. Each may yet turn out to be the one that
    /// was decided.
    public var staged: [StagedPortion]

    public init(
        address: NodeAddress, incarnation: UInt64, cluster: ClusterMark? = nil, record: EpochRecord,
        vector: VersionVector, collected: VersionVector = VersionVector(), timestampsPast: UInt64 = 0,
        isWhole: Bool,
        extensions: VersionVector = VersionVector(), decisions: [KnownNode] = [], promised: Ballot? = nil,
        accepted: Accepted? = nil, voter: VoterState = VoterState(memorySince: 0),
        staged: [StagedPortion] = []
    ) {
        self.address = address
        self.incarnation = incarnation
        self.cluster = cluster
        self.record = record
        self.vector = vector
        self.collected = collected
        self.timestampsPast = timestampsPast
        self.isWhole = isWhole
        self.extensions = extensions
        self.decisions = decisions
        self.promised = promised
        self.accepted = accepted
        self.voter = voter
        self.staged = staged
    }

    /// True if what this says beyond `earlier` must be on the disk before anything that rests on it leaves the
    /// node, even one that answers writes before they are on its disk: a vote that is forgotten may let two layouts
    /// win one epoch.
    func isVital(after earlier: DurableState?) -> Bool {
        guard let earlier else { return true }
        return promised != earlier.promised || accepted != earlier.accepted || voter != earlier.voter
            || staged != earlier.staged
            || isWhole != earlier.isWhole || record != earlier.record || cluster != earlier.cluster
    }
}

/// A portion that was staged, and the layout that it belongs to.
public struct StagedPortion: Hashable, Sendable {
    public let operation: OperationID
    public let layout: Layout

    public init(operation: OperationID, layout: Layout) {
        self.operation = operation
        self.layout = layout
    }
}

/// One step of what a disk holds: all of it or nothing. Steps are applied in the order in which they were given.
public struct DiskChange: Hashable, Sendable {
    /// True if everything held before is dropped first.
    public var clearsFirst: Bool
    /// Entries that take the place of what was held under their keys.
    public var records: [Record]
    /// Keys to forget; none of them is among the records.
    public var removals: [String]
    public var state: DurableState
    /// True if what the node sends after it must wait until it is safely on the disk, whatever the durability.
    public var isVital: Bool

    public init(
        clearsFirst: Bool = false, records: [Record], removals: [String] = [], state: DurableState, isVital: Bool
    ) {
        self.clearsFirst = clearsFirst
        self.records = records
        self.removals = removals
        self.state = state
        self.isVital = isVital
    }

    /// The bytes that it takes in memory until it is written, about. Layouts and baselines it shares with others.
    var memoryBytes: Int {
        let entries = records.reduce(0) { $0 + $1.weightBytes }
        let keys = removals.reduce(0) { $0 + $1.utf8.count + 16 }
        return 512 + entries + keys + 40 * (state.vector.count + state.decisions.count)
    }
}

/// The contents of a disk, with which a restart begins.
public struct DiskContents: Hashable, Sendable {
    /// Nil if nothing was ever written.
    public let state: DurableState?
    /// Each key once, in any order that is the same for the same disk.
    public let records: [Record]

    public init(state: DurableState? = nil, records: [Record] = []) {
        self.state = state
        self.records = records
    }
}

/// The contents of a disk, by key: the model that real disks are compared with.
public struct DiskImage: Hashable, Sendable {
    public private(set) var state: DurableState?
    public private(set) var entries: [String: Entry] = [:]

    public init() {}

    /// The contents that were read of a disk.
    public init(state: DurableState?, entries: [String: Entry]) {
        self.state = state
        self.entries = entries
    }

    /// The contents that a restart would read of it.
    public var contents: DiskContents {
        DiskContents(
            state: state, records: entries.sorted { $0.key < $1.key }.map { Record(key: $0.key, entry: $0.value) })
    }

    public mutating func apply(_ change: DiskChange) {
        if change.clearsFirst { entries.removeAll() }
        for key in change.removals { entries[key] = nil }
        for record in change.records { entries[record.key] = record.entry }
        state = change.state
    }
}
