/// Asks voters for promises under one ballot, and then to accept: what a proposal must be, and whether it is decided.
struct Proposer: Sendable {
    let ballot: Ballot
    private(set) var promises: VoteCount
    private(set) var acceptances: VoteCount
    /// Of what voters had accepted before, the one of the highest ballot: it may have been decided, and must be proposed.
    private(set) var found: Accepted?

    init(_ ballot: Ballot, voters layout: Layout) {
        self.ballot = ballot
        (promises, acceptances) = (VoteCount(of: layout), VoteCount(of: layout))
    }

    /// A voter's promise under this ballot, with what it had accepted.
    ///
    /// - Parameter vector: empty of one that has no vote.
    /// - Returns: true if what must be proposed is another one now.
    mutating func take(promise vector: CrashVector, _ accepted: Accepted?, of voter: NodeAddress) -> Bool {
        promises.add(vector, of: voter)
        guard let accepted, found.map({ $0.ballot < accepted.ballot }) ?? true else { return false }
        found = accepted
        return true
    }

    mutating func take(acceptance vector: CrashVector, of voter: NodeAddress) { acceptances.add(vector, of: voter) }

    /// A majority has promised: it may be proposed.
    var mayPropose: Bool { promises.isMajority }

    /// A majority has accepted: it is decided.
    var isDecided: Bool { acceptances.isMajority }
}
