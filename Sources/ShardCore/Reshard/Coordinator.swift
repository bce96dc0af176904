/// Runs a change of the layout on the node that got the request: check, collate, rebalance, broadcast, freeze, decide.
///
/// It is a state machine of its own: it gets messages, the time and which nodes are up, and returns what to send. One
/// value is one attempt; the replica that started it decides whether to try again.
struct Coordinator: Sendable {
    enum Output: Sendable {
        case send(Message, to: NodeAddress)
        case resume(afterMicroseconds: UInt64)
        case phase(ReshardProgress.Phase)
        case end(Outcome)
    }

    enum Outcome: Sendable {
        /// The new layout is in force on every live node.
        case success
        case refused(Refusal)
        /// The attempt came to nothing, but another may succeed: nothing has changed, or another change came first.
        case again(ChangeFailure)
    }

    enum Step: Sendable, Equatable {
        case checking, collating, seeking, partitioning, staging
        /// Fetching what changed since the collate, before the freeze.
        case changing
        case freezing
        /// Fetching the last changes, under the freeze.
        case finishing
        case accepting, committing, ended
    }

    let operation: OperationID
    let goal: ChangeGoal
    /// The epoch in force when it began.
    let base: EpochRecord
    let address: NodeAddress
    let batchBytesMax: Int
    let plantedBug: PlantedBug?

    var clock: CoordinatorClock
    var outputs: [Output] = []
    var report: ChangeReport
    var presenter: CoordinatorPresenter
    var parties: CoordinatorParties
    var round: CoordinatorRound
    var collate = CoordinatorCollate()
    var broadcast = CoordinatorBroadcast()

    /// The keys read of one old shard, until each is in a stream. The entries stay with their members, so
    /// the memory that a change takes is that of an index, and of the batches on their way.
    struct Collation: Sendable {
        let shard: Int
        var source: NodeAddress
        var index = KeyIndex()
        var cursor: UInt64 = 0
        var askedMicroseconds: UInt64?
        var isComplete = false
        var changeCursor: UInt64 = 0
        /// True once the round of changes in hand is in.
        var isRoundComplete = false
        var roundRecords = 0
    }

    static let checkMilliseconds: UInt64 = 10_000
    static let resendMilliseconds: UInt64 = 200
    static let freezeMilliseconds: UInt64 = 2_000
    static let acceptMilliseconds: UInt64 = 5_000
    static let commitMilliseconds: UInt64 = 5_000
    static let leaseMilliseconds: UInt64 = 500
    static let changeRoundsMax = 6
    /// The number of changes that is small enough to be fetched under the freeze.
    static let changesSmall = 128

    init(
        operation: OperationID, round: UInt64, goal: ChangeGoal, base: EpochRecord, candidates: [NodeAddress],
        audience: [NodeAddress], configuration: ReplicaConfiguration, isStepped: Bool = false, now: Instant
    ) {
        self.operation = operation
        self.goal = goal
        self.base = base
        address = configuration.address
        batchBytesMax = configuration.batchBytesMax
        plantedBug = configuration.plantedBug
        let ballot = Ballot(round: round, node: operation.coordinator, incarnation: operation.incarnation)
        parties = CoordinatorParties(participants: candidates, audience: audience)
        self.round = CoordinatorRound(Proposer(ballot, voters: base.layout))
        clock = CoordinatorClock(now)
        presenter = CoordinatorPresenter(
            pacer: Pacer(keysPerSecondMax: configuration.reshardKeysPerSecondMax, isStepped: isStepped, now: now))
        var toShardCount = base.layout.shardCount
        if case .reshard(let count) = goal { toShardCount = count }
        var progress = ReshardProgress(
            operation: operation.description, kind: goal.kind, coordinator: operation.coordinator,
            fromEpoch: base.layout.epoch, toEpoch: operation.epoch, fromShardCount: base.layout.shardCount,
            toShardCount: toShardCount, phase: .check, startedMilliseconds: now.wallMilliseconds)
        progress.timings = [ReshardProgress.Timing(phase: .check, startMicroseconds: 0)]
        progress.keysPerSecondMax = configuration.reshardKeysPerSecondMax
        report = ChangeReport(progress)
        for node in candidates { emit(.prepare(operation, ballot: ballot), to: node) }
    }

    var progress: ReshardProgress {
        get { report.progress }
        _modify { yield &report.progress }
    }

    // The state of the rooms, read-only.
    var step: Step { clock.step }
    var participants: [NodeAddress] { parties.participants }
    var decision: EpochRecord? { round.decision }
    var proposal: Layout? { collate.proposal }
    var ballot: Ballot { round.proposer.ballot }

    /// True if the decision is another operation's, found on the way and finished first.
    var isForeignDecision: Bool { round.proposer.found != nil }

    /// True if an operator's word stands in for a majority.
    var isForced: Bool { EpochNumber.forces(operation.epoch, over: base.layout.epoch) }

    var isPastNoReturn: Bool { step == .accepting || step == .committing || step == .ended }

    mutating func emit(_ message: Message, to node: NodeAddress) { outputs.append(.send(message, to: node)) }

    mutating func enter(_ next: Step, _ phase: ReshardProgress.Phase, now: Instant) {
        clock.enter(next, now)
        clock.noteSent(now)
        note(progressAt: now)
        guard phase != progress.phase else { return }
        presenter.pacer.restart(now: now)
        let elapsed = now.monotonicMicroseconds - clock.startedMicroseconds
        if let last = progress.timings.indices.last {
            progress.timings[last].durationMicroseconds = elapsed - progress.timings[last].startMicroseconds
        }
        progress.phase = phase
        if !phase.isEnd {
            progress.timings.append(ReshardProgress.Timing(phase: phase, startMicroseconds: elapsed))
        }
        outputs.append(.phase(phase))
        for node in participants { emit(.lease(operation, phase: phase), to: node) }
    }

    mutating func note(progressAt now: Instant) {
        progress.lastProgressMilliseconds = now.wallMilliseconds
        report.awaited = nil
    }

    mutating func end(_ outcome: Outcome, now: Instant) {
        guard step != .ended else { return }
        let isSuccess = if case .success = outcome { true } else { false }
        if !isPastNoReturn {
            for node in Set(parties.audience).union(participants).sorted() { emit(.abort(operation), to: node) }
        }
        progress.isAbortable = false
        progress.step = nil
        progress.finishedMilliseconds = now.wallMilliseconds
        enter(.ended, isSuccess ? .done : .failed, now: now)
        outputs.append(.end(outcome))
    }

    // MARK: Time

    /// Goes on with what is due. `epoch` is the one in force at this node.
    ///
    /// - Parameter incarnation: which start of a node is up; nil if none is.
    mutating func advance(now: Instant, incarnation: (NodeAddress) -> UInt64?, epoch: UInt64) {
        guard step != .ended else { return }
        if epoch >= operation.epoch, step != .committing, step != .accepting {
            return end(.again(.overtaken), now: now)
        }
        renewLease(now: now)
        guard dropLost(now: now, incarnation: incarnation), awaitsNobody(now: now, incarnation: incarnation) else {
            return
        }
        switch step {
        case .checking: advanceCheck(now: now)
        case .collating: advanceCollate(now: now)
        case .seeking: advanceSeek(now: now)
        case .partitioning: advancePartition(now: now)
        case .staging: advanceStaging(now: now)
        case .changing, .finishing: advanceChanges(now: now)
        case .freezing: advanceFreeze(now: now)
        case .accepting: advanceAccept(now: now)
        case .committing: advanceCommit(now: now)
        case .ended: break
        }
        noteSteps()
    }

    private mutating func renewLease(now: Instant) {
        guard now.hasPassed(Self.leaseMilliseconds, since: clock.leaseMicroseconds) else { return }
        clock.noteLease(now)
        for node in participants { emit(.lease(operation, phase: progress.phase), to: node) }
    }

    /// Takes out the participants that went down. False if the attempt ends for it.
    private mutating func dropLost(now: Instant, incarnation: (NodeAddress) -> UInt64?) -> Bool {
        var lost: [NodeAddress] = []
        for node in participants {
            let current = incarnation(node)
            // A node that started again has lost what it was sent, however quickly it came back.
            if current == nil || parties.starts[node] ?? current != current { lost.append(node) }
            parties.starts[node] = parties.starts[node] ?? current
        }
        guard !lost.isEmpty else { return true }
        parties.participants.removeAll { lost.contains($0) }
        for index in progress.parts.indices where lost.contains(progress.parts[index].node) {
            progress.parts[index].state = .lost
        }
        if step == .checking || isPastNoReturn { return true }
        end(.again(.wentDown(lost)), now: now)
        return false
    }

    /// False if the attempt ends because a member of the layout is back. A forced change rests on the operator's word
    /// that those members are gone for good, so it must not leave behind what one of them brings.
    private mutating func awaitsNobody(now: Instant, incarnation: (NodeAddress) -> UInt64?) -> Bool {
        guard isForced, step != .checking, !isPastNoReturn, plantedBug != .forcesPassOverTheReturned,
            let back = base.layout.members.first(where: { !participants.contains($0) && incarnation($0) != nil })
        else { return true }
        end(.again(.cameBack(back)), now: now)
        return false
    }

    /// A participant's word that it takes no part in `operation` any more: its lease ran out, or it started again.
    mutating func leave(_ operation: OperationID, by node: NodeAddress, now: Instant) {
        guard operation == self.operation, step != .checking, !isPastNoReturn else { return }
        end(.again(.tookNoPart(node)), now: now)
    }

    /// True, once in a while, if unanswered messages should be sent again.
    mutating func shouldResend(now: Instant) -> Bool {
        guard now.hasPassed(Self.resendMilliseconds, since: clock.sentMicroseconds) else { return false }
        clock.noteSent(now)
        return true
    }

    func hasPassed(_ milliseconds: UInt64, now: Instant) -> Bool {
        now.hasPassed(milliseconds, since: clock.stepMicroseconds)
    }

    // MARK: Messages

    mutating func receive(_ message: Message, from: NodeAddress, now: Instant) {
        guard step != .ended else { return }
        switch message {
        case .promised(let id, let ballot, let found, let crashVector):
            guard id == operation, ballot == self.ballot, step == .checking else { return }
            round.promised.insert(from)
            if round.proposer.take(promise: crashVector, found, of: from) {
                round.decision = round.proposer.found?.record
            }
            note(progressAt: now)
            advanceCheck(now: now)
        case .busy(let id, let promised, let other):
            guard id == operation, step != .committing else { return }
            round.roundsSeen = max(round.roundsSeen, promised.round)
            if other != operation {
                guard !isPastNoReturn else { return }
                end(.refused(.changeRunning(operation: other.description)), now: now)
            } else if promised > ballot {
                end(.again(.isBoundHigher(from)), now: now)
            }
        case .collated(let id, let page) where id == operation: receive(page, from: from, now: now)
        case .gathered(let id, let page) where id == operation: receive(page, from: from, now: now)
        case .staged(let id, let sequence) where id == operation:
            receiveStaged(sequence, from: from, now: now)
        case .frozen(let id, let vector) where id == operation: receiveFrozen(vector, from: from, now: now)
        case .changed(let id, let page) where id == operation: receive(page, from: from, now: now)
        case .accepted(let id, let ballot, let crashVector):
            guard id == operation, ballot == self.ballot else { return }
            round.accepted.insert(from)
            round.proposer.take(acceptance: crashVector, of: from)
            setState(of: from, .accepted)
            if step == .accepting { advanceAccept(now: now) }
        case .committed(let epoch, let pauseMicroseconds):
            guard epoch == decision?.layout.epoch, step == .committing else { return }
            round.committed.insert(from)
            setState(of: from, .switched)
            progress.writePauseMicroseconds = max(progress.writePauseMicroseconds ?? 0, pauseMicroseconds)
            advanceCommit(now: now)
        default:
            break
        }
    }

    mutating func setState(of node: NodeAddress, _ state: ReshardProgress.Part.State) {
        guard let index = progress.parts.firstIndex(where: { $0.node == node }) else { return }
        progress.parts[index].state = state
    }
}
