/// The start of each member of a layout that is known to be its last: incarnations in the order of ``Layout/members``,
/// 0 if none is known.
///
/// An answer of a voter that was started again since, without its memory, is void: the voter has forgotten it.
/// Source of the rule: Michael, Ports, Sharma and Szekeres, "Recovering Shared Objects Without Stable Storage",
/// DISC 2017 (crash vectors and crash-consistent quorums).
public struct CrashVector: Hashable, Sendable {
    public private(set) var starts: [UInt64]

    public init(_ starts: [UInt64] = []) { self.starts = starts }

    public var isEmpty: Bool { starts.isEmpty }

    public subscript(rank: Int) -> UInt64 { starts.indices.contains(rank) ? starts[rank] : 0 }

    mutating func raise(_ rank: Int, to start: UInt64) {
        guard starts.indices.contains(rank) else { return }
        starts[rank] = max(starts[rank], start)
    }

    mutating func merge(_ other: CrashVector) {
        for rank in starts.indices { raise(rank, to: other[rank]) }
    }
}

/// The knowledge about itself and the others that a voter needs, besides its promise and its acceptance.
public struct VoterState: Hashable, Sendable {
    /// The start since which this node remembers everything: its last one without its disk.
    public var memorySince: UInt64
    /// False for a member that may have voted in the round before it lost its memory, and does not know how.
    public var hasVotes: Bool
    /// The starts that it told others of, or was told of.
    public var crashVector: CrashVector
    /// Starts of all members at a moment when none of them had votes: that of a cluster's founding.
    public var founding: CrashVector

    public init(
        memorySince: UInt64, hasVotes: Bool = false, crashVector: CrashVector = CrashVector(),
        founding: CrashVector = CrashVector()
    ) {
        self.memorySince = memorySince
        self.hasVotes = hasVotes
        self.crashVector = crashVector
        self.founding = founding
    }
}

/// A member's word to one that started without its votes.
public struct VoteReport: Hashable, Sendable {
    public let voter: VoterState
    public let promised: Ballot?
    public let accepted: Accepted?

    public init(voter: VoterState, promised: Ballot?, accepted: Accepted?) {
        self.voter = voter
        self.promised = promised
        self.accepted = accepted
    }
}

/// Counts the answers of voters to one question, without those that their voters have forgotten.
struct VoteCount: Sendable {
    let members: [NodeAddress]
    private var answers: [NodeAddress: CrashVector] = [:]
    private var latest: CrashVector

    init(of layout: Layout) {
        members = layout.members
        latest = CrashVector(members.map { _ in 0 })
    }

    /// Notes an answer. One without a crash vector is no vote.
    mutating func add(_ vector: CrashVector, of node: NodeAddress) {
        guard vector.starts.count == members.count, let rank = members.firstIndex(of: node) else { return }
        latest.merge(vector)
        if let known = answers[node], known[rank] > vector[rank] { return }
        answers[node] = vector
    }

    /// True if the voter answered, and no voter that answered knows of a later start of it.
    func counts(_ node: NodeAddress) -> Bool {
        guard let answer = answers[node], let rank = members.firstIndex(of: node) else { return false }
        return answer[rank] >= latest[rank]
    }

    var votes: Int { members.count(where: counts) }

    var isMajority: Bool { votes * 2 > members.count }
}
