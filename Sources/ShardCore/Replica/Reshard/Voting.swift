/// The vote of a node that has lost its memory.
///
/// A node that starts without its disk may have promised or accepted in the round of the next epoch and does not know
/// it. Voting as if it had not could let two layouts win one epoch. So it has no vote until n - m + 1 of the n - 1
/// other members (m being a majority) have reported what they promised and accepted, and that they know its new start.
/// That many meet every majority that its forgotten votes were part of. A member that answered such a majority before
/// its report says so in the report, and one that answers later makes the forgotten vote void; see ``CrashVector``.
///
/// Nobody has votes while a cluster is founded. If all members report that they have none, and each knows the starts of
/// all others, there was a moment at which all had lost their votes, so no vote is left to be remembered. That needs
/// every member: if only some report it, each of them may have voted before it started again.
///
/// An epoch that comes into force brings a new round. A node that was in that epoch before it lost its memory may have
/// voted in that round too. Its vote there is fresh in two cases. Either the epoch's record, which everybody who votes
/// in the round knows, names a start since which it remembers everything. Or it has got its votes back in the epoch
/// before, and enough members of the new layout said there, when they could not vote in the new round yet, that they
/// know its start.
extension Replica {
    /// True for a member that may have voted before it lost its memory.
    var lacksVotes: Bool { shard != nil && !voter.hasVotes }

    private var voter: VoterState { acceptor.memory.voter }

    /// The crash vector that goes with a vote; empty if this node has none.
    var crashVectorOfVote: CrashVector { shard != nil && voter.hasVotes ? voter.crashVector : CrashVector() }

    /// The voter's part at a start without a memory.
    func newAcceptor() -> Acceptor {
        let vector = CrashVector(layout.members.map { $0 == address ? incarnation : 0 })
        return Acceptor(
            VoteMemory(
                VoterState(
                    memorySince: incarnation, hasVotes: makes(.restartedVotersVote),
                    crashVector: vector)))
    }

    /// The voter's part in the round that follows `decided`, which takes the place of `previous`.
    func nextAcceptor(for decided: EpochRecord, after previous: Layout) -> Acceptor {
        let members = decided.layout.members
        let earlier = previous.members
        let known = voter
        var next = VoterState(memorySince: known.memorySince)
        next.crashVector = CrashVector(
            members.enumerated().map { rank, member in
                let before = earlier.firstIndex(of: member).map { known.crashVector[$0] } ?? 0
                return max(decided.starts[rank], before, member == address ? incarnation : 0)
            })
        guard let own = members.firstIndex(of: address) else { return Acceptor(VoteMemory(next)) }
        let isWitnessed =
            known.hasVotes && decided.layout.epoch == EpochNumber.next(previous.epoch)
            && acceptor.memory.witnesses(among: members) >= VoteMemory.reportsMin(members.count)
        next.hasVotes = decided.starts[own] >= known.memorySince || isWitnessed || makes(.restartedVotersVote)
        return Acceptor(VoteMemory(next))
    }

    /// Asks for what this node may have forgotten.
    mutating func watchVotes() {
        guard lacksVotes, changing.acceptor.memory.pause.end(now) else { return }
        for member in layout.members where member != address { send(.votesWanted, to: member) }
        takeVotesBack()
    }

    mutating func reportVotes(to node: NodeAddress) {
        guard shard != nil, let rank = layout.members.firstIndex(of: node), let start = peers[node]?.incarnation
        else { return }
        changing.acceptor.memory.noteStart(start, ofRank: rank)
        send(
            .votes(VoteReport(voter: voter, promised: acceptor.promised, accepted: acceptor.accepted)), to: node)
    }

    mutating func receive(_ report: VoteReport, from node: NodeAddress) {
        guard lacksVotes, let own = layout.members.firstIndex(of: address),
            changing.acceptor.memory.noteReport(
                report, from: node, members: layout.members, own: own, incarnation: incarnation)
        else { return }
        takeVotesBack()
    }

    private mutating func takeVotesBack() {
        let members = layout.members
        guard let own = members.firstIndex(of: address),
            let regained = changing.acceptor.memory.regain(members: members, own: own)
        else { return }
        changing.acceptor.restore(promised: regained.promised, accepted: regained.accepted, now)
        guard let accepted = regained.accepted else { return }
        if let operation = accepted.record.operation { bindParticipation(to: operation) }
        note(.hasVotesAgain)
    }
}
