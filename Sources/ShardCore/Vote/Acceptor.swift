/// A voter's promise and acceptance for the epoch after the one in force: its part of one single-decree Paxos
/// round. And to which coordinator it is bound, for as long as that one is heard.
struct Acceptor: Sendable {
    private(set) var promised: Ballot?
    private(set) var accepted: Accepted?
    /// The highest round that another voter was bound to, where this node asked for its promise.
    private var roundsSeen: UInt64 = 0
    /// The operation it is bound to while the lease lasts.
    private(set) var bound: OperationID?
    /// The time when the coordinator was heard last.
    private(set) var leaseMicroseconds: UInt64 = 0
    var memory: VoteMemory

    init(_ memory: VoteMemory) { self.memory = memory }

    /// Above every round that this node knows of, up to the highest that is believed.
    var nextRound: UInt64 {
        min(max(promised?.round ?? 0, accepted?.ballot.round ?? 0, roundsSeen), Bounds.countMax - 1) + 1
    }

    /// Promises to accept nothing under a lower ballot.
    ///
    /// - Returns: the ballot that was promised before, where it is higher: then nothing is promised.
    mutating func promise(_ ballot: Ballot) -> Ballot? {
        if let promised, ballot < promised { return promised }
        promised = ballot
        return nil
    }

    /// Accepts a proposal, for which it has promised.
    mutating func accept(_ record: EpochRecord, under ballot: Ballot) {
        assert(promised == ballot, "a proposal is accepted under \(ballot) that was not promised")
        assert(accepted.map { $0.ballot <= ballot } ?? true, "a proposal takes the place of one of a higher ballot")
        accepted = Accepted(ballot: ballot, record: record)
    }

    mutating func bind(to operation: OperationID, _ now: Instant) {
        bound = operation
        hear(now)
    }

    /// The coordinator, or whoever finishes for it, is heard.
    mutating func hear(_ now: Instant) { leaseMicroseconds = now.monotonicMicroseconds }

    mutating func release() { bound = nil }

    /// Another voter is bound to so high a round.
    mutating func note(round: UInt64) { roundsSeen = max(roundsSeen, round) }

    /// Takes up a vote that a disk kept, or others remember: it binds across a restart.
    mutating func restore(promised: Ballot?, accepted: Accepted?, _ now: Instant) {
        self.promised = [self.promised, promised].compactMap { $0 }.max()
        guard let accepted else { return }
        self.accepted = accepted
        hear(now)
    }

    /// A mistake that is planted.
    mutating func forget() { (promised, accepted, bound) = (nil, nil, nil) }
}
