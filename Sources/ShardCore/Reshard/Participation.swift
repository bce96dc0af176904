/// A node's part in a change of the layout that somebody coordinates.
struct Participation: Sendable {
    let operation: OperationID
    /// The layout to come, once the coordinator has found it.
    var layout: Layout?
    /// What was staged, where this part is set aside; what is staged for the running part is in the store.
    var setAside: [Record] = []
    /// The keys of staged entries that were written under older layouts and that no baseline covers yet: nobody announced
    /// that all their owners have them.
    var unannouncedKeys: [String] = []
    var nextSequence: UInt64 = 0
    /// Batches that overtook the one before them; no more than the coordinator sends unconfirmed.
    var early: [UInt64: Stage] = [:]
    var isFrozen = false
    /// True while it has been frozen ever since it told the coordinator what it covers: everything that it covered
    /// then is in the baseline.
    var isContinuous = false
    var frozenMicroseconds: UInt64 = 0
    /// True once it was told to freeze: only after that can the operation have been proposed.
    var hasFrozen = false
    /// True once it accepted this operation's proposal.
    var isAccepted = false
    /// A question for changes whose target is not covered yet.
    var change: (round: UInt64, cursor: UInt64, target: VersionVector)?
    var phase: ReshardProgress.Phase = .check

    init(operation: OperationID) { self.operation = operation }
}
