/// A coordinator that dies between the freeze and its proposal leaves staged portions behind. They may still be needed,
/// as it may only be slow, and while they are kept no tombstone can be forgotten. So a node that keeps one asks all
/// members for a higher promise. A majority would not do: a member that did not answer may have accepted, and would
/// finish the round.
extension Replica {
    private static let patienceMilliseconds: UInt64 = 5_000
    private static let staggerMilliseconds: UInt64 = 400
    private static let roundMilliseconds: UInt64 = 3_000

    mutating func advanceClosing() {
        // A forced operation is decided without a vote, so promises say nothing about it.
        let operations = changing.setAside.map(\.operation).filter { $0.epoch == EpochNumber.next(layout.epoch) }
        guard let first = operations.first, changing.isAtRest else {
            changing.closing = nil
            return
        }
        let rank = layout.members.firstIndex(of: address) ?? layout.members.count
        let since = max(acceptor.leaseMicroseconds, time.startedMicroseconds)
        guard hasPassed(Self.patienceMilliseconds + UInt64(rank) * Self.staggerMilliseconds, since: since),
            hasPassed(Self.roundMilliseconds, since: changing.closing?.startedMicroseconds ?? 0),
            layout.members.allSatisfy(isUp)
        else { return }
        let ballot = Ballot(round: acceptor.nextRound, node: address, incarnation: incarnation)
        changing.closing = ProposalClosing(
            operations: Set(operations), ballot: ballot, startedMicroseconds: now.monotonicMicroseconds)
        for member in layout.members { send(.close(first, ballot: ballot), to: member) }
    }

    /// Answers another node that asks whether anything may still come of an operation.
    mutating func close(_ operation: OperationID, _ ballot: Ballot, from: NodeAddress) {
        guard operation.epoch > layout.epoch else { return send(.epoch(record), to: from) }
        guard changing.isAtRest || acceptor.accepted != nil else { return }
        guard promises(ballot, in: operation, to: from) else { return }
        sendPromise(ballot, in: operation, to: from)
    }

    /// Takes in answers to this node's own question; false if the message is about something else.
    mutating func closingReceives(_ message: Message, from: NodeAddress) -> Bool {
        guard let running = changing.closing else { return false }
        switch message {
        case .promised(_, let ballot, let accepted, _):
            guard ballot == running.ballot else { return false }
            // A member that accepted finishes the round, and may need the kept portions for it.
            guard accepted == nil else { return true }
            changing.closing?.promised.insert(from)
            guard layout.members.allSatisfy({ changing.closing?.promised.contains($0) ?? false }) else { return true }
            changing.closing = nil
            discard(changing.setAside.filter { running.operations.contains($0.operation) })
            changing.setAside.removeAll { running.operations.contains($0.operation) }
            return true
        case .busy(let operation, let promised, _):
            guard running.operations.contains(operation) else { return false }
            changing.acceptor.note(round: promised.round)
            return true
        default:
            return false
        }
    }
}
