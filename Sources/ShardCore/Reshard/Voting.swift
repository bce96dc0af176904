/// The vote of a node that has lost its memory.
///
/// Who starts without its disk may have promised or accepted in the round of the epoch to come and does not know it.
/// Voting as if it had not could let two layouts win one epoch. So it has no vote until it has heard of n - m + 1 of
/// the n - 1 other members (m being a majority) what they promised and accepted, and that they know its new start:
/// that many meet every majority that its forgotten votes were part of, and whoever answered such a majority before
/// its report says so in it, and whoever answers one later makes the forgotten vote void; see ``CrashVector``.
///
/// Nobody has votes while a cluster is founded. Where all members report so, each knowing the starts of all others,
/// there was a moment at which all had lost their votes, and then there was none to be remembered. That needs every
/// member: of a smaller number that says so, each may have voted before it started again.
///
/// An epoch that comes into force brings a new round, in which a node may have voted too, where it was in that epoch
/// before it lost its memory. Its vote there is fresh in two cases: the epoch's record, which everybody knows who
/// votes in the round, names a start that it remembers everything since; or it has had its votes back in the epoch
/// before, and enough members of the new layout said there, where they could not vote in the new round yet, that they
/// know its start.
extension Replica {
    private static let votesMilliseconds: UInt64 = 200

    /// True for a member that may have voted before it lost its memory.
    var lacksVotes: Bool { shard != nil && !acceptor.voter.hasVotes }

    /// What goes with a vote; empty where this node has none.
    var crashVectorOfVote: CrashVector {
        shard != nil && acceptor.voter.hasVotes ? acceptor.voter.crashVector : CrashVector()
    }

    /// The voter's part at a start without a memory.
    func newAcceptor() -> Acceptor {
        let members = layout.members
        var next = Acceptor(memorySince: configuration.incarnation)
        next.voter.crashVector = CrashVector(members.map { $0 == address ? configuration.incarnation : 0 })
        next.voter.hasVotes = makes(.restartedVotersVote)
        return next
    }

    /// The voter's part in the round that follows `decided`, which takes the place of `previous`.
    func nextAcceptor(for decided: EpochRecord, after previous: Layout) -> Acceptor {
        let members = decided.layout.members
        let earlier = previous.members
        let known = acceptor.voter
        var next = Acceptor(memorySince: known.memorySince)
        next.voter.crashVector = CrashVector(
            members.enumerated().map { rank, member in
                let before = earlier.firstIndex(of: member).map { known.crashVector[$0] } ?? 0
                return max(decided.starts[rank], before, member == address ? configuration.incarnation : 0)
            })
        guard let own = members.firstIndex(of: address) else { return next }
        let witnesses = members.count { acceptor.reports[$0] != nil }
        let isWitnessed =
            known.hasVotes && decided.layout.epoch == previous.epoch + 1 && witnesses >= Self.reportsMin(members.count)
        next.voter.hasVotes =
            decided.starts[own] >= known.memorySince || isWitnessed || makes(.restartedVotersVote)
        return next
    }

    /// So many others meet every majority that a member was part of: n - m + 1, where m is n / 2 + 1.
    private static func reportsMin(_ members: Int) -> Int { members - members / 2 }

    /// Asks for what this node may have forgotten.
    mutating func watchVotes() {
        guard lacksVotes else { return }
        let asked = acceptor.votesWantedMicroseconds
        guard asked == 0 || hasPassed(Self.votesMilliseconds, since: asked) else { return }
        changing.acceptor.votesWantedMicroseconds = now.monotonicMicroseconds
        for member in layout.members where member != address { send(.votesWanted, to: member) }
        takeVotesBack()
    }

    mutating func reportVotes(to node: NodeAddress) {
        guard shard != nil, let rank = layout.members.firstIndex(of: node), let start = peers[node]?.incarnation
        else { return }
        changing.acceptor.voter.crashVector.raise(rank, to: start)
        send(
            .votes(VoteReport(voter: acceptor.voter, promised: acceptor.promised, accepted: acceptor.accepted)),
            to: node)
    }

    mutating func receive(_ report: VoteReport, from node: NodeAddress) {
        let members = layout.members
        guard lacksVotes, let own = members.firstIndex(of: address), let rank = members.firstIndex(of: node),
            report.voter.crashVector.starts.count == members.count,
            report.voter.crashVector[own] == configuration.incarnation
        else { return }
        let known = acceptor.reports[node]?.voter.crashVector[rank] ?? 0
        guard report.voter.crashVector[rank] >= known else { return }
        changing.acceptor.reports[node] = report
        changing.acceptor.voter.crashVector.merge(report.voter.crashVector)
        takeVotesBack()
    }

    private mutating func takeVotesBack() {
        let members = layout.members
        guard let own = members.firstIndex(of: address) else { return }
        let vector = acceptor.voter.crashVector
        for (rank, member) in members.enumerated()
        where acceptor.reports[member]?.voter.crashVector[rank] ?? 0 < vector[rank] {
            changing.acceptor.reports[member] = nil
        }
        let reports = members.compactMap { acceptor.reports[$0] }
        let voters = reports.filter(\.voter.hasVotes)
        let founding = reports.map(\.voter.founding).first { $0[own] >= acceptor.voter.memorySince }
        let areAllWithout =
            reports.count == members.count - 1
            && reports.allSatisfy { !$0.voter.hasVotes && $0.voter.crashVector == vector }
        guard voters.count >= Self.reportsMin(members.count) || founding != nil || areAllWithout else { return }
        changing.acceptor.voter.hasVotes = true
        changing.acceptor.voter.founding = founding ?? (areAllWithout ? vector : CrashVector())
        changing.acceptor.voter.crashVector.merge(acceptor.voter.founding)
        changing.acceptor.promised = (voters.compactMap(\.promised) + [acceptor.promised].compactMap { $0 }).max()
        guard let accepted = voters.compactMap(\.accepted).max(by: { $0.ballot < $1.ballot }) else { return }
        changing.acceptor.accepted = accepted
        changing.acceptor.leaseMicroseconds = now.monotonicMicroseconds
        if let operation = accepted.record.operation { bindParticipation(to: operation) }
        note(.warning, node: address, "\(address) has its votes back, and with them a proposal to be finished")
    }
}
