/// Some slots on their way from one primary to another, by SETSLOT and MIGRATE: opened at both ends, their keys moved,
/// closed at both ends. Any slot is either moved, or as it was before, or open at both ends and served so, and named.
struct ClassicBatch: Procedure {
    /// The outcome for a slot.
    enum Fate: Sendable, Hashable {
        case moved
        /// As before: nothing of it had gone, and both ends are closed.
        case putBack(Trouble?)
        /// Open; the keys that have gone are served by the target, the others by the source.
        case open(Trouble)
        /// An end did not answer, so what it has done is not known. It must be looked at.
        case unknown(ServerError)
    }

    enum Trouble: Sendable, Hashable {
        case aborted
        /// Keys that the target has too, with another value.
        case differs(keys: [[UInt8]])
        /// A key that does not get through within the time.
        case tooLarge(key: [UInt8], timeoutMilliseconds: Int)
        case full
        case notPermitted(String)
        /// A server's own words.
        case refused(String)
    }

    /// A slot's way through the batch.
    struct SlotState: Sendable {
        /// The target had no key of it when it was opened, and both ends have answered ever since: what the target has
        /// of it is what this batch brought.
        var isVirgin = false
        /// Known to be in it at the source.
        var keys: [[UInt8]] = []
        /// Something of it may have gone.
        var hasBegun = false
        var replaces = false
        /// One key at a time, with the long time-out.
        var isSlow = false
        var tries = 0
        var isAtTarget = false
        var trouble: Trouble?
    }

    enum Phase: Sendable, Hashable {
        case beginning, openingTarget, reopeningTarget, openingSource, reopeningSource, moving, comparing, waiting,
            reachingTarget, lookingForDoubts, clearingDoubts
        case confirming, closingTarget, closingSource, checking
        case countingStuck, releasingTarget, reopening, releasingSource, over
    }

    /// The keys that a batch moves: those of whole slots, or strays.
    enum Kind: Sendable, Hashable {
        /// Slots from their owner to the next one, with all their keys.
        case slots
        /// Keys that lie where their slot is not, to where it is or is to be. Nothing changes hands.
        case strays(owner: NodeID)
    }

    let kind: Kind
    let trusted: SlotSet
    let from: Peer
    let to: Peer
    let slots: [HashSlot]
    let terms: MoveTerms
    var phase = Phase.beginning
    var states: [HashSlot: SlotState] = [:]
    var fates: [HashSlot: Fate] = [:]
    /// Keys that went, and what the last questions were about.
    private(set) var keysMoved = 0
    /// Slots whose keys are still to be moved, the next first.
    var queue: [HashSlot] = []
    var asked: [HashSlot] = []
    /// Keys that a target may have got although their source had no answer.
    var doubts: [(slot: HashSlot, key: [UInt8])] = []
    /// Slots that are empty at the source, to be closed; or that cannot go on.
    var emptied: [HashSlot] = []
    /// Of these the ones that the target is still to be given, where it is given one at a time.
    var giving: [HashSlot] = []
    var stuck: [HashSlot] = []
    /// Closed at the target, where a client has written to them just before.
    var reopening: [HashSlot] = []
    var openingTries = 0
    var closingTries = 0
    var isAborting = false

    /// - Parameter trusted: slots that were opened while the target had no key of them, and are open ever since between
    ///   these two: what the target has of them beside the source is an older copy.
    init(
        _ slots: [HashSlot], from: Peer, to: Peer, kind: Kind = .slots, trusted: SlotSet = SlotSet(), terms: MoveTerms
    ) {
        self.trusted = trusted
        self.kind = kind
        self.slots = slots
        self.from = from
        self.to = to
        self.terms = terms
        for slot in slots { states[slot] = SlotState() }
    }

    /// Slots of which the target has, beside what the source has too, only what came from there.
    var virgins: SlotSet { SlotSet(slots.filter { states[$0]?.isVirgin == true }) }

    /// Slots without a fate yet.
    var pending: [HashSlot] { slots.filter { fates[$0] == nil } }

    /// Slots that have been opened are moved all the same, as that is soon done and clients see nothing of it, except
    /// for those with many keys that nothing has gone of.
    mutating func abort() { isAborting = true }

    mutating func next(_ answers: [Answer]) -> Step {
        // Whoever does not answer may have done what it was told: nothing more is built on that.
        if let failure = answers.lazy.compactMap(\.failure).first { return end(failure) }
        let replies = answers.map { $0.replies ?? [] }
        switch phase {
        case .beginning, .reopeningTarget: return openTarget()
        case .reopeningSource: return openSource()
        case .openingTarget: return openedTarget(replies[0])
        case .openingSource: return beginMoving(replies[0])
        case .moving: return tookMoves(replies[0])
        case .waiting, .clearingDoubts: return move()
        case .reachingTarget: return lookForDoubts()
        case .lookingForDoubts: return clearDoubts(replies[0])
        case .comparing: return compared(source: replies[0], target: replies[1])
        case .confirming: return closeTarget(replies[0])
        case .closingTarget: return closeSource(replies[0])
        case .closingSource: return closedSource(replies[0])
        case .checking: return checked(replies)
        case .countingStuck: return releaseTarget(replies[0])
        case .releasingTarget: return reopenTarget(replies[0])
        case .reopening: return reopened(replies[0])
        case .releasingSource: return released(replies[0])
        case .over: return .over
        }
    }

    mutating func end(_ failure: ServerError) -> Step {
        for slot in pending { fates[slot] = .unknown(failure) }
        phase = .over
        return .over
    }

    mutating func ask(_ commands: [Command], _ peer: Peer, _ phase: Phase, limit: Duration = .seconds(10)) -> Step {
        self.phase = phase
        return .ask([Request(commands, to: peer.address, within: limit)])
    }

    mutating func count(moved keys: Int) { keysMoved += keys }
}
