/// Finishing the round of a coordinator that fell silent after its proposal was accepted somewhere.
struct Recovery: Sendable {
    let operation: OperationID
    let ballot: Ballot
    let startedMicroseconds: UInt64
    var promises: VoteCount
    var found: Accepted?
    var proposal: EpochRecord?
    var acceptances: VoteCount
}

extension Replica {
    /// Before a round is tried again; later for later members, so that they do not outbid one another.
    private static let roundMilliseconds: UInt64 = 1_500
    private static let staggerMilliseconds: UInt64 = 400

    mutating func beginRecovery() {
        guard recovery == nil, let accepted = acceptor.accepted, let operation = accepted.record.operation,
            let rank = layout.members.firstIndex(of: address)
        else { return }
        guard hasPassed(3_000 + UInt64(rank) * Self.staggerMilliseconds, since: acceptor.leaseMicroseconds) else {
            return
        }
        let ballot = Ballot(round: acceptor.nextRound, node: address, incarnation: configuration.incarnation)
        changing.recovery = Recovery(
            operation: operation, ballot: ballot, startedMicroseconds: now.monotonicMicroseconds,
            promises: VoteCount(of: layout), acceptances: VoteCount(of: layout))
        note(.warning, node: operation.coordinator, "coordinator \(operation.coordinator) is silent; finishing for it")
        for member in layout.members { send(.recover(operation, ballot: ballot), to: member) }
    }

    mutating func advanceRecovery() {
        guard let running = recovery,
            hasPassed(
                Self.roundMilliseconds + UInt64(layout.members.firstIndex(of: address) ?? 0) * Self.staggerMilliseconds,
                since: running.startedMicroseconds)
        else { return }
        changing.recovery = nil
        beginRecovery()
    }

    /// Takes in answers to this node's own round; false where the message is about something else.
    mutating func recoveryReceives(_ message: Message, from: NodeAddress) -> Bool {
        guard var running = recovery else { return false }
        switch message {
        case .promised(_, let ballot, let accepted, let crashVector):
            guard ballot == running.ballot else { return false }
            running.promises.add(crashVector, of: from)
            if let accepted, running.found.map({ $0.ballot < accepted.ballot }) ?? true { running.found = accepted }
            if running.proposal == nil, running.promises.isMajority {
                running.proposal = running.found?.record ?? acceptor.accepted?.record
                if let proposal = running.proposal {
                    for member in layout.members {
                        send(.accept(running.operation, ballot: ballot, proposal), to: member)
                    }
                }
            }
            changing.recovery = running
        case .accepted(_, let ballot, let crashVector):
            guard ballot == running.ballot, let proposal = running.proposal else { return false }
            running.acceptances.add(crashVector, of: from)
            changing.recovery = running
            guard running.acceptances.isMajority else { return true }
            changing.recovery = nil
            for node in peerAddresses { send(.commit(proposal), to: node) }
            adopt(proposal)
        case .busy(let operation, let promised, _):
            guard operation == running.operation else { return false }
            changing.acceptor.roundsSeen = max(acceptor.roundsSeen, promised.round)
        default:
            return false
        }
        return true
    }
}
