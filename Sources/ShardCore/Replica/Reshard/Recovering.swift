extension Replica {
    /// Before a round is tried again; later for later members, so that they do not outbid one another.
    private static let roundMilliseconds: UInt64 = 1_500
    private static let staggerMilliseconds: UInt64 = 400

    mutating func beginRecovery() {
        guard changing.recovery == nil, let accepted = acceptor.accepted, let operation = accepted.record.operation,
            let rank = layout.members.firstIndex(of: address)
        else { return }
        guard hasPassed(3_000 + UInt64(rank) * Self.staggerMilliseconds, since: acceptor.leaseMicroseconds) else {
            return
        }
        let ballot = Ballot(round: acceptor.nextRound, node: address, incarnation: incarnation)
        changing.recovery = Recovery(
            operation: operation, startedMicroseconds: now.monotonicMicroseconds,
            proposer: Proposer(ballot, voters: layout))
        note(.isFinishedFor, of: operation.coordinator)
        for member in layout.members { send(.recover(operation, ballot: ballot), to: member) }
    }

    mutating func advanceRecovery() {
        guard let running = changing.recovery,
            hasPassed(
                Self.roundMilliseconds + UInt64(layout.members.firstIndex(of: address) ?? 0) * Self.staggerMilliseconds,
                since: running.startedMicroseconds)
        else { return }
        changing.recovery = nil
        beginRecovery()
    }

    /// Takes in answers to this node's own round; false if the message is about something else.
    mutating func recoveryReceives(_ message: Message, from: NodeAddress) -> Bool {
        guard var running = changing.recovery else { return false }
        switch message {
        case .promised(_, let ballot, let accepted, let crashVector):
            guard ballot == running.proposer.ballot else { return false }
            _ = running.proposer.take(promise: crashVector, accepted, of: from)
            if running.proposal == nil, running.proposer.mayPropose {
                running.proposal = running.proposer.found?.record ?? acceptor.accepted?.record
                if let proposal = running.proposal {
                    for member in layout.members {
                        send(.accept(running.operation, ballot: ballot, proposal), to: member)
                    }
                }
            }
            changing.recovery = running
        case .accepted(_, let ballot, let crashVector):
            guard ballot == running.proposer.ballot, let proposal = running.proposal else { return false }
            running.proposer.take(acceptance: crashVector, of: from)
            changing.recovery = running
            guard running.proposer.isDecided else { return true }
            changing.recovery = nil
            for node in peerAddresses { send(.commit(proposal), to: node) }
            adopt(proposal)
        case .busy(let operation, let promised, _):
            guard operation == running.operation else { return false }
            changing.acceptor.note(round: promised.round)
        default:
            return false
        }
        return true
    }
}
