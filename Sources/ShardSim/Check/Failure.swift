/// The properties that must hold, as the simulator checks them.
public enum Property: String, Sendable, CaseIterable {
    /// An answered write is readable or superseded once faults stop, reshards or not.
    case answeredWriteSurvives
    /// A session never reads what it knows to be overwritten: read your writes, monotonic reads, causal across keys,
    /// shards, nodes and epochs.
    case readsFollowCauses
    /// A deleted key stays deleted, and what was written after the deletion stays.
    case deletedStaysDeleted
    /// Of two writes the causally later one wins, whatever the clocks say.
    case laterWriteWins
    /// Nobody reads a value that was never written to that key.
    case valuesWereWritten
    /// A refused request changes nothing.
    case refusalsChangeNothing
    /// A message beyond all that can be known changes nothing.
    case liesChangeNothing
    /// An epoch has one layout.
    case oneLayoutPerEpoch
    /// A layout is disjoint and complete, and its nodes are where its seed puts them.
    case layoutIsValid
    /// A node's epoch never goes back.
    case epochsGoForward
    /// A counter names one write, across restarts.
    case countersAreUsedOnce
    /// Writes are not held for longer than the bound.
    case freezesEnd
    /// A change of the layout alone refuses no read and no write.
    case nothingIsRefused
    /// A change of the layout alone keeps no read waiting, and a write for no longer than a freeze.
    case readsNeverStop
    /// Every request is answered.
    case requestsAreAnswered
    /// Two clusters never mix, whatever addresses and views they are given.
    case clustersStayApart
    /// Without faults a write reaches another member within the loss window.
    case lossWindowIsShort
    /// Once faults stop, the nodes agree on epoch and view and serve, within the bound.
    case clusterConverges
    /// Once faults stop, the members of a shard hold the same.
    case replicasAreIdentical
    /// Once faults stop, nothing is left under way.
    case queuesDrain
    /// The entries that come back from a disk are a causal prefix of those that the node held.
    case diskIsPrefix
    /// A write that was answered longer ago than the disks may be behind is on a disk.
    case diskIsInTime
    /// Once faults stop, deletions are forgotten.
    case tombstonesGo
    /// Once faults stop, a node's disk holds what the node holds.
    case diskIsCurrent
    /// Once faults stop, every node takes writes and every node reads them.
    case writesSucceedAgain
    /// Once faults stop, the layout can be changed.
    case reshardsSucceedAgain
}

/// A property that did not hold, and where.
public struct Failure: Sendable, CustomStringConvertible {
    public let property: Property
    public let text: String
    /// The time on the simulated clock.
    public let atMicroseconds: UInt64

    public var description: String { "\(property.rawValue) at \(atMicroseconds / 1_000) ms: \(text)" }
}
