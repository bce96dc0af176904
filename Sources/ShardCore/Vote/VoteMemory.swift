/// A voter's knowledge of itself and the others, and, where it started without its votes, their reports since.
/// The rules are told in `Replica/Reshard/Voting.swift`.
struct VoteMemory: Sendable {
    private(set) var voter: VoterState
    /// The reports of the other members, where this node started without its votes.
    private var reports: [NodeAddress: VoteReport] = [:]
    var pause = Pause(milliseconds: 200)

    init(_ voter: VoterState) { self.voter = voter }

    /// The acceptance that came back with the votes.
    struct Regained: Sendable, Equatable {
        let promised: Ballot?
        let accepted: Accepted?
    }

    /// So many others meet every majority that a member was part of: n - m + 1, where m is n / 2 + 1.
    static func reportsMin(_ members: Int) -> Int { members - members / 2 }

    /// This node goes on under a higher number: the others must come to know it before it votes again.
    mutating func loseVotes(since start: UInt64, rank: Int?, hasVotes: Bool) {
        (voter.memorySince, voter.hasVotes) = (start, hasVotes)
        reports = [:]
        if let rank { voter.crashVector.raise(rank, to: start) }
    }

    /// Of these members, how many have reported.
    func witnesses(among members: [NodeAddress]) -> Int { members.count { reports[$0] != nil } }

    /// A member asks: its start is known from now on.
    mutating func noteStart(_ start: UInt64, ofRank rank: Int) { voter.crashVector.raise(rank, to: start) }

    /// A member's report to this node, which has no votes.
    ///
    /// - Returns: false if it says nothing of this start, or less than was known.
    mutating func noteReport(
        _ report: VoteReport, from node: NodeAddress, members: [NodeAddress], own: Int, incarnation: UInt64
    ) -> Bool {
        guard let rank = members.firstIndex(of: node), report.voter.crashVector.starts.count == members.count,
            report.voter.crashVector[own] == incarnation,
            report.voter.crashVector[rank] >= reports[node]?.voter.crashVector[rank] ?? 0
        else { return false }
        reports[node] = report
        voter.crashVector.merge(report.voter.crashVector)
        return true
    }

    /// Takes the votes back, where enough have reported.
    mutating func regain(members: [NodeAddress], own: Int) -> Regained? {
        assert(members.indices.contains(own) && !voter.hasVotes, "votes are taken back that are not lacking")
        let vector = voter.crashVector
        for (rank, member) in members.enumerated()
        where reports[member]?.voter.crashVector[rank] ?? 0 < vector[rank] {
            reports[member] = nil
        }
        let told = members.compactMap { reports[$0] }
        let voters = told.filter(\.voter.hasVotes)
        let founding = told.map(\.voter.founding).first { $0[own] >= voter.memorySince }
        let areAllWithout =
            told.count == members.count - 1
            && told.allSatisfy { !$0.voter.hasVotes && $0.voter.crashVector == vector }
        guard voters.count >= Self.reportsMin(members.count) || founding != nil || areAllWithout else { return nil }
        voter.hasVotes = true
        voter.founding = founding ?? (areAllWithout ? vector : CrashVector())
        voter.crashVector.merge(voter.founding)
        return Regained(
            promised: voters.compactMap(\.promised).max(),
            accepted: voters.compactMap(\.accepted).max { $0.ballot < $1.ballot })
    }
}
