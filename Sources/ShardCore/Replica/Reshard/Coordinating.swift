/// The replica's side of the coordinator: starting it, carrying out what it says, trying again.
extension Replica {
    private static let attemptsMax = 4

    mutating func startChange(
        _ goal: ChangeGoal, for client: RequestID, mayForce: Bool = false, isStepped: Bool = false
    ) {
        if let reply = reply(toSettled: goal) { return outbox.reply(client, reply) }
        if let running = coordinator {
            return outbox.reply(client, .refused(.changeRunning(operation: running.operation.description)))
        }
        guard layout.epoch > 0 else {
            return outbox.reply(client, .refused(.shardDown(shard: nil)))
        }
        changing.change = Change(goal: goal, client: client, mayForce: mayForce, isStepped: isStepped)
        beginAttempt()
    }

    private mutating func beginAttempt() {
        guard var running = changing.change else { return }
        if let reply = reply(toSettled: running.goal) {
            if case .refused(let refusal) = reply { changing.lastReport?.refusal = refusal }
            return endChange(reply)
        }
        running.attempts += 1
        changing.change = running
        changing.lastAttempt += 1
        let forced = EpochNumber.forcing(after: layout.epoch, by: address, incarnation: incarnation)
        let operation = OperationID(
            epoch: running.isForced ? forced ?? EpochNumber.next(layout.epoch) : EpochNumber.next(layout.epoch),
            attempt: changing.lastAttempt,
            coordinator: address, incarnation: incarnation)
        changing.coordinator = Coordinator(
            operation: operation, round: acceptor.nextRound, goal: running.goal, base: record,
            candidates: placeable, audience: [address] + peerAddresses, configuration: configuration,
            isStepped: running.isStepped, now: now)
        if running.attempts == 1 {
            note(.startedChange(running.goal, operation))
        }
        carryOutCoordination()
    }

    /// The answer to a goal that the layout in force meets already, or rules out; nil if there is something to do.
    ///
    /// An attempt may have had to finish somebody else's change first, so what held before it may hold no more.
    private mutating func reply(toSettled goal: ChangeGoal) -> Reply? {
        switch goal {
        case .reshard: return nil
        case .addMember(let node, let shard):
            guard layout.shards.indices.contains(shard) else {
                return .refused(.noSuchShard(shard: shard, shardCount: layout.shardCount))
            }
            return layout.shard(of: node).map {
                $0 == shard ? .memberAdded : .refused(.memberElsewhere(node, shard: $0))
            }
        case .removeMember(let node):
            guard let owner = layout.shard(of: node) else {
                decide(node, isRemoved: true)
                return .removedFromView
            }
            let hasOthers = layout.shards[owner].contains { $0 != node && isUp($0) }
            return hasOthers ? nil : .refused(.lastMember(node, shard: owner))
        }
    }

    mutating func advanceCoordinator(isTick: Bool = false) {
        guard var running = coordinator else { return }
        // It holds an index of the whole store, which must not be copied for a second owner.
        changing.coordinator = nil
        let members = Set(view)
        running.advance(
            now: now,
            incarnation: { node in
                guard members.contains(node) else { return nil }
                return node == address ? incarnation : peers[node]?.incarnation ?? 0
            }, epoch: layout.epoch)
        changing.coordinator = running
        carryOutCoordination()
    }

    mutating func carryOutCoordination() {
        guard let outputs = coordinator?.outputs, !outputs.isEmpty else { return }
        changing.coordinator?.outputs = []
        for output in outputs {
            switch output {
            case .send(let message, let node): send(message, to: node)
            case .resume(let delay): wantResume(afterMicroseconds: delay)
            case .phase(let phase):
                if !phase.isEnd, phase != .check { note(.enteredPhase(changing.change?.goal, phase)) }
            case .end(let outcome): endAttempt(outcome)
            }
        }
    }

    private mutating func endAttempt(_ outcome: Coordinator.Outcome) {
        guard let ended = coordinator, let running = changing.change else { return }
        changing.coordinator = nil
        if ended.operation.epoch > layout.epoch {
            changing.acceptor.note(round: ended.round.roundsSeen)
        }
        switch outcome {
        case .success:
            changing.lastReport = ended.report
            if case .removeMember(let node) = running.goal { decide(node, isRemoved: true) }
            note(.finishedChange(running.goal, epoch: layout.epoch))
            let reply: Reply =
                switch running.goal {
                case .reshard: .resharded(ended.progress)
                case .addMember: .memberAdded
                case .removeMember: .removedFromView
                }
            endChange(reply)
        case .refused(.noMajority) where running.mayForce && !running.isForced:
            note(.forcesChange(running.goal))
            changing.change?.isForced = true
            beginAttempt()
        case .refused(let refusal):
            fail(ended.report, refusal)
        case .again(let failure):
            changing.lastReport = ended.report
            if running.attempts < Self.attemptsMax {
                note(.startsOver(running.goal, failure))
                // There may be a majority now.
                changing.change?.isForced = false
                beginAttempt()
            } else {
                fail(ended.report, .changeFailed(failure))
            }
        }
    }

    private mutating func fail(_ report: ChangeReport, _ refusal: Refusal) {
        changing.lastReport = report
        changing.lastReport?.refusal = refusal
        note(.failedChange(changing.change?.goal, refusal))
        endChange(.refused(refusal))
    }

    private mutating func endChange(_ reply: Reply) {
        guard let running = changing.change else { return }
        changing.change = nil
        outbox.reply(running.client, reply)
    }

    /// Ends the running change at an operator's word, while that is possible.
    mutating func abortChange(for client: RequestID) {
        guard var running = coordinator else { return outbox.reply(client, .refused(.notRunning)) }
        guard !running.isPastNoReturn else { return outbox.reply(client, .refused(.tooLateToAbort)) }
        running.end(.refused(.changeFailed(.aborted)), now: now)
        running.progress.phase = .aborted
        changing.coordinator = running
        carryOutCoordination()
        outbox.reply(client, .aborted)
    }

    /// A presenter's word to the running change; holds for the attempts that follow as well.
    mutating func stepChange(_ command: StepCommand, for client: RequestID) {
        guard var running = coordinator else { return outbox.reply(client, .refused(.notRunning)) }
        running.step(command, now: now)
        changing.change?.isStepped = running.presenter.pacer.isStepped
        changing.coordinator = running
        advanceCoordinator()
        outbox.reply(client, .progress(reportNow))
    }

    /// The running or last change that this node coordinates or coordinated.
    var reportNow: ChangeReport? { coordinator?.report ?? changing.lastReport }
}
