/// A node's part in a change of the layout that somebody coordinates.
struct Participation: Sendable {
    /// The step that the part has reached. It never goes back, not even where the part is set aside.
    enum Step: Sendable, Equatable {
        case preparing
        /// It was told to freeze: only after that can the operation have been proposed.
        case frozen
        /// It accepted the operation's proposal.
        case accepted(wasFrozen: Bool)
    }

    /// Writes are held from some time on.
    struct Freeze: Sendable {
        let sinceMicroseconds: UInt64
        /// True if it holds ever since the node told the coordinator what it covers: everything that it covered then
        /// is in the baseline.
        let isContinuous: Bool
    }

    /// A question for changes whose target is not covered yet.
    typealias Question = (round: UInt64, cursor: UInt64, target: VersionVector)

    let operation: OperationID
    /// The layout to come, once the coordinator has found it.
    var layout: Layout?
    private(set) var step = Step.preparing
    /// Nil while writes are taken under the layout in force.
    private(set) var freeze: Freeze?
    var inbox = StageInbox()
    /// The keys of staged entries that were written under older layouts and that no baseline covers yet: nobody announced
    /// that all their owners have them.
    var unannouncedKeys: [String] = []
    /// The records staged, where this part is set aside; those of the running part are in the store.
    var setAside: [Record] = []
    var question: Question?
    var phase: ReshardProgress.Phase = .check

    init(operation: OperationID) { self.operation = operation }

    /// A part that a disk kept: it had been told to freeze.
    init(operation: OperationID, restored layout: Layout) {
        (self.operation, self.layout, step) = (operation, layout, .frozen)
    }

    var isFrozen: Bool { freeze != nil }
    var isAccepted: Bool { if case .accepted = step { true } else { false } }
    var hasFrozen: Bool { step == .frozen || step == .accepted(wasFrozen: true) }

    /// It is told to freeze. True if writes are held from now on, and were not before.
    mutating func freeze(_ now: Instant) -> Bool {
        step = isAccepted ? .accepted(wasFrozen: true) : .frozen
        guard freeze == nil else { return false }
        freeze = Freeze(sinceMicroseconds: now.monotonicMicroseconds, isContinuous: true)
        return true
    }

    /// It accepted: no write of the old epoch is taken any more.
    mutating func accept(_ now: Instant) {
        step = .accepted(wasFrozen: hasFrozen)
        if freeze == nil { freeze = Freeze(sinceMicroseconds: now.monotonicMicroseconds, isContinuous: false) }
    }

    /// It runs no more, and keeps what was staged: the operation may still be decided.
    mutating func putAside(_ records: [Record]) {
        freeze = nil
        question = nil
        inbox.dropEarly()
        setAside = records
    }
}

/// Batches of a portion, put in order.
struct StageInbox: Sendable {
    /// The next one to be taken.
    private(set) var next: UInt64 = 0
    /// Batches that overtook the one before them; no more than the coordinator sends unconfirmed.
    private var early: [UInt64: Stage] = [:]

    /// - Returns: false for one that is so far ahead that no coordinator sends it.
    mutating func add(_ batch: Stage) -> Bool {
        assert(batch.sequence >= next, "batch \(batch.sequence) was taken before")
        guard batch.sequence - next < UInt64(NodePortion.windowMax) else { return false }
        early[batch.sequence] = batch
        return true
    }

    /// Nil if the next one has not come.
    mutating func takeNext() -> Stage? {
        guard let batch = early.removeValue(forKey: next) else { return nil }
        next += 1
        return batch
    }

    mutating func dropEarly() { early = [:] }
}
