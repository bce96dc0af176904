/// Checks each message from outside as a whole before anything of it is taken in.
extension Replica {
    /// Whether everything that `envelope` says can be true. A message that fails is counted, and reported once per
    /// sender.
    mutating func believes(_ envelope: Envelope) -> Bool {
        guard let objection = objection(to: envelope), !makes(.boundsAreNotKept) else { return true }
        if members.refused.note(from: envelope.from) { note(.disbelieves(objection), of: envelope.from) }
        return false
    }

    /// The first thing in `envelope` that cannot be true, as far as this node knows.
    ///
    /// Another cluster's message may honestly go beyond what is known here; nothing of it is taken in anyway.
    package func objection(to envelope: Envelope) -> Disbelief? {
        if let theirs = envelope.cluster, let own = cluster, theirs.id != own.id,
            theirs.id.settings != own.id.settings || theirs.standing == .settled && own.standing == .settled
        {
            return nil
        }
        // A planted bug that makes nodes say what cannot be true is looked for by other means.
        let isOwnCountWrong = makes(.countersStartOver) || makes(.lateInstallsAreTaken)
        var belief = Belief(
            address: address, epoch: layout.epoch, round: acceptor.nextRound, ownOrigin: ownOrigin,
            ownCount: isOwnCountWrong ? .max : counter, heartbeats: members.heartbeats.count,
            senderStart: peers[envelope.from]?.incarnation,
            latestMicroseconds: max(time.clock.last >> 12, now.wallMicroseconds, wallMicroseconds))
        guard let objection = belief.objection(to: envelope) else { return nil }
        guard objection == .timestamp else { return objection }
        // This machine's clock may have stopped at 1970 while the others' are right.
        let offsets = peers.all.compactMap(\.wallOffsetMicroseconds)
        let latest = Int64(clamping: now.monotonicMicroseconds).addingReportingOverflow(offsets.max() ?? 0)
        belief.latestMicroseconds = max(belief.latestMicroseconds, UInt64(clamping: latest.partialValue))
        return belief.objection(to: envelope)
    }
}
