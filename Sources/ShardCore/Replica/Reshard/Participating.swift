extension Replica {
    /// Without a word of the coordinator for this long, a promise is void.
    private static let leaseMilliseconds: UInt64 = 3_000
    private static let changesPerPageMax = 8_192
    /// The most operations of one epoch whose staged portions are kept although they came to nothing here.
    private static let setAsideMax = 4

    /// Messages about a change of the layout.
    mutating func receiveReshard(_ message: Message, from: NodeAddress) {
        switch message {
        case .prepare(let operation, let ballot): prepare(operation, ballot, from: from)
        case .recover(let operation, let ballot): prepare(operation, ballot, from: from, isRecovery: true)
        case .collate(let operation, let cursor, let keysMax): collate(operation, cursor, keysMax, to: from)
        case .gather(let operation, let number, let slots): gather(operation, number, slots, to: from)
        case .stage(let operation, let batch): stage(operation, batch, from: from)
        case .freeze(let operation): freeze(operation, from: from)
        case .change(let operation, let round, let cursor, let target):
            change(operation, (round, cursor, target), to: from)
        case .accept(let operation, let ballot, let record): accept(operation, ballot, record, from: from)
        case .commit(let record): commit(record, from: from)
        case .close(let operation, let ballot): close(operation, ballot, from: from)
        case .abort(let operation):
            if from == operation.coordinator { dropParticipation(in: operation) }
            let now = now
            changing.coordinator?.leave(operation, by: from, now: now)
            carryOutCoordination()
        case .lease(let operation, let phase):
            guard acceptor.bound == operation else { return refuseToTakePart(in: operation) }
            changing.acceptor.hear(now)
            changing.participation?.phase = phase
        case .promised, .busy, .collated, .gathered, .staged, .frozen, .changed, .accepted, .committed:
            if recoveryReceives(message, from: from) || closingReceives(message, from: from) { return }
            let now = now
            changing.coordinator?.receive(message, from: from, now: now)
            carryOutCoordination()
        case .heartbeat, .leaving, .otherCluster, .laterStart, .epochWanted, .epoch, .replicate, .replicated, .fetch,
            .fetched, .handOn, .handedOn,
            .baselineExtended, .forward, .forwarded, .probe, .probed, .count, .counted, .votesWanted, .votes:
            assertionFailure("a message about \(message.rules.subject) is taken for one about a change")
        }
    }

    private mutating func prepare(
        _ operation: OperationID, _ ballot: Ballot, from: NodeAddress, isRecovery: Bool = false
    ) {
        guard operation.epoch > layout.epoch else { return send(.epoch(record), to: from) }
        if EpochNumber.forces(operation.epoch, over: layout.epoch) { return takePartInForced(operation, ballot, from) }
        guard operation.epoch == EpochNumber.next(layout.epoch) else { return wantEpoch(from: from) }
        guard state == .serving || state == .joiner || acceptor.accepted != nil else { return }
        if makes(.votersForget) { changing.acceptor.forget() }
        let isLeased = !hasPassed(Self.leaseMilliseconds, since: acceptor.leaseMicroseconds)
        if let bound = acceptor.bound, bound != operation, isLeased, acceptor.accepted == nil,
            !operation.isLaterAttempt(than: bound)
        {
            return send(.busy(operation, ballot: ballot, with: bound), to: from)
        }
        guard promises(ballot, in: operation, to: from) else { return }
        // Members that accepted leave the change to the node that finishes it, for a while; no other member is bound to it.
        if !isRecovery || acceptor.accepted != nil || makes(.recoveriesBind) {
            changing.acceptor.bind(to: operation, now)
            if acceptor.accepted == nil, participation?.operation != operation {
                setParticipationAside()
                changing.participation = Participation(operation: operation)
            }
        }
        sendPromise(ballot, in: operation, to: from)
    }

    /// Promises, or names the higher ballot to which this node is bound already.
    mutating func promises(_ ballot: Ballot, in operation: OperationID, to node: NodeAddress) -> Bool {
        guard let higher = changing.acceptor.promise(ballot) else { return true }
        send(.busy(operation, ballot: higher, with: operation), to: node)
        return false
    }

    mutating func sendPromise(_ ballot: Ballot, in operation: OperationID, to node: NodeAddress) {
        send(
            .promised(operation, ballot: ballot, accepted: acceptor.accepted, crashVector: crashVectorOfVote), to: node)
    }

    /// Takes part in a forced change. An operator's word goes before the promises among members: it is no part of their
    /// round, and any decision in that round ranks below it.
    private mutating func takePartInForced(_ operation: OperationID, _ ballot: Ballot, _ from: NodeAddress) {
        guard state == .serving || state == .joiner else { return }
        let isLeased = !hasPassed(Self.leaseMilliseconds, since: acceptor.leaseMicroseconds)
        if let bound = acceptor.bound, EpochNumber.forced(bound.epoch) == EpochNumber.forced(operation.epoch),
            bound != operation, isLeased, !operation.isLaterAttempt(than: bound)
        {
            return send(.busy(operation, ballot: ballot, with: bound), to: from)
        }
        changing.acceptor.bind(to: operation, now)
        if participation?.operation != operation {
            setParticipationAside()
            changing.participation = Participation(operation: operation)
        }
        send(.promised(operation, ballot: ballot, accepted: nil, crashVector: crashVectorOfVote), to: from)
    }

    /// Gives up what was prepared, and lets held writes go on under the layout in force.
    private mutating func endParticipation() {
        guard participation != nil else { return }
        changing.participation = nil
        store.abandonNext()
        store.endChanges()
        wantResume()
        releaseHeld()
        requests.open.noteKnowledge()
    }

    /// Goes back to the layout in force without forgetting what was staged: others may have accepted the proposal
    /// meanwhile, and then nobody stages it again.
    private mutating func setParticipationAside() {
        if var part = participation, part.hasFrozen, part.layout != nil {
            part.putAside(store.stagedRecords)
            changing.setAside.append(part)
            if changing.setAside.count > Self.setAsideMax { discard([changing.setAside.removeFirst()]) }
        }
        endParticipation()
    }

    /// Drops the part in an operation whose coordinator gave up without a proposal.
    private mutating func dropParticipation(in operation: OperationID) {
        discard(changing.setAside.filter { $0.operation == operation })
        changing.setAside.removeAll { $0.operation == operation }
        guard acceptor.bound == operation, acceptor.accepted == nil else { return }
        changing.acceptor.release()
        endParticipation()
    }

    /// True if `operation` is the one that this node takes part in; that also prolongs its lease. If it is another one,
    /// the coordinator is told.
    mutating func takesPart(in operation: OperationID) -> Bool {
        guard participation?.operation == operation, acceptor.bound == operation else {
            refuseToTakePart(in: operation)
            return false
        }
        changing.acceptor.hear(now)
        return true
    }

    private mutating func refuseToTakePart(in operation: OperationID) {
        let hasEnded = operation.epoch <= layout.epoch
        send(hasEnded ? .epoch(record) : .abort(operation), to: operation.coordinator)
    }

    private mutating func freeze(_ operation: OperationID, from: NodeAddress) {
        guard takesPart(in: operation) else { return }
        let now = now
        if changing.participation?.freeze(now) == true {
            flushReplication()
            // With all that was staged before it.
            disk.journal?.markVital()
        }
        send(.frozen(operation, vector: vector), to: from)
    }

    /// Tells the coordinator what this node covers, whenever that grows during a freeze.
    mutating func reportFrozen() {
        guard let part = participation, part.isFrozen, !part.isAccepted else { return }
        send(.frozen(part.operation, vector: vector), to: part.operation.coordinator)
        if let question = part.question {
            change(part.operation, question, to: part.operation.coordinator)
        }
    }

    private mutating func change(
        _ operation: OperationID, _ question: Participation.Question, to node: NodeAddress
    ) {
        guard takesPart(in: operation), store.changes != nil else { return }
        guard vector.covers(question.target) else {
            changing.participation?.question = question
            return
        }
        changing.participation?.question = nil
        guard
            let page = store.readChanges(
                from: question.cursor, slotsMax: Self.changesPerPageMax, bytesMax: configuration.batchBytesMax)
        else { return }
        send(
            .changed(
                operation,
                ChangePage(
                    round: question.round, cursor: question.cursor, records: page.records, next: page.next,
                    isComplete: page.isLast)),
            to: node)
    }

    private mutating func accept(
        _ operation: OperationID, _ ballot: Ballot, _ proposed: EpochRecord, from: NodeAddress
    ) {
        guard operation.epoch > layout.epoch else { return send(.epoch(record), to: from) }
        guard operation.epoch == EpochNumber.next(layout.epoch) else { return wantEpoch(from: from) }
        guard promises(ballot, in: operation, to: from) else { return }
        changing.acceptor.bind(to: operation, now)
        // A node without a vote does not accept: it is told the decision, and has nothing to finish.
        if shard != nil, !lacksVotes { changing.acceptor.accept(proposed, under: ballot) }
        bindParticipation(to: proposed.operation ?? operation)
        send(.accepted(operation, ballot: ballot, crashVector: crashVectorOfVote), to: from)
    }

    /// This node's part in an operation that was accepted: no write of the old epoch is taken any more.
    mutating func bindParticipation(to operation: OperationID) {
        resumeParticipation(in: operation)
        let now = now
        changing.participation?.accept(now)
    }

    /// Takes up the part in `operation` that was set aside, or an empty one if nothing was staged here.
    private mutating func resumeParticipation(in operation: OperationID) {
        guard participation?.operation != operation else { return }
        setParticipationAside()
        let part = changing.setAside.first { $0.operation == operation } ?? Participation(operation: operation)
        changing.setAside.removeAll { $0.operation == operation }
        activate(part)
        changing.participation = part
        changing.participation?.setAside = []
    }

    private mutating func commit(_ decided: EpochRecord, from: NodeAddress) {
        var pause: UInt64 = 0
        if decided.layout.epoch > layout.epoch, let freeze = participation?.freeze {
            pause = now.monotonicMicroseconds - freeze.sinceMicroseconds
        }
        if makes(.lateInstallsAreTaken), participation == nil { inForce.forgetLayout() }
        adopt(decided)
        send(.committed(epoch: decided.layout.epoch, pauseMicroseconds: pause), to: from)
    }

    /// Ends what a silent coordinator left behind: back to the old layout before the point of no return, forward to
    /// the new one after it.
    mutating func watchLease() {
        guard let bound = acceptor.bound ?? acceptor.accepted?.record.operation, !makes(.leasesNeverEnd),
            hasPassed(Self.leaseMilliseconds, since: acceptor.leaseMicroseconds)
        else { return }
        if acceptor.accepted != nil {
            beginRecovery()
        } else {
            note(.lostItsLease(milliseconds: Self.leaseMilliseconds, epoch: layout.epoch), of: bound.coordinator)
            changing.acceptor.release()
            setParticipationAside()
        }
    }
}
