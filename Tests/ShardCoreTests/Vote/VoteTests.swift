import Testing

@testable import ShardCore

/// One single-decree round by itself: voters, proposers, and nothing else.
@Suite struct VoteTests {
    private static let nodes = (1...5).map { NodeAddress("10.0.0.\($0):1")! }
    private static let layout = Layout(
        epoch: 1, seed: 0, placement: .hashed, shards: [Array(nodes[0..<3]), Array(nodes[3..<5])])
    private let now = Instant(monotonicMicroseconds: 1_000, wallMicroseconds: 1)

    private static func ballot(_ round: UInt64, _ node: Int = 0) -> Ballot {
        Ballot(round: round, node: nodes[node], incarnation: 1)
    }

    private static func proposal(_ seed: UInt64) -> EpochRecord {
        EpochRecord(
            layout: Layout(epoch: 2, seed: seed, placement: .hashed, shards: layout.shards),
            baseline: VersionVector(), operation: nil)
    }

    private var acceptor: Acceptor { Acceptor(VoteMemory(VoterState(memorySince: 1, hasVotes: true))) }

    private static let vector = CrashVector([1, 1, 1, 1, 1])

    struct Promise: Sendable, CustomTestStringConvertible {
        let before: UInt64?
        let asked: UInt64
        let higher: UInt64?
        var testDescription: String { "promised \(before.map(String.init) ?? "nothing"), asked for \(asked)" }
    }

    @Test(arguments: [
        Promise(before: nil, asked: 1, higher: nil), Promise(before: 1, asked: 2, higher: nil),
        Promise(before: 2, asked: 2, higher: nil), Promise(before: 3, asked: 2, higher: 3),
    ])
    func `a promise is given to the highest ballot, and to the same one again`(_ row: Promise) {
        var acceptor = acceptor
        if let before = row.before { #expect(acceptor.promise(Self.ballot(before)) == nil) }
        #expect(acceptor.promise(Self.ballot(row.asked)) == row.higher.map { Self.ballot($0) })
        #expect(acceptor.promised?.round == max(row.before ?? 0, row.asked))
        #expect(acceptor.nextRound == max(row.before ?? 0, row.asked) + 1)
    }

    @Test func `the next round is above what was promised, accepted, and heard of`() {
        var acceptor = acceptor
        _ = acceptor.promise(Self.ballot(4))
        acceptor.accept(Self.proposal(1), under: Self.ballot(4))
        #expect(acceptor.nextRound == 5)
        acceptor.note(round: 9)
        acceptor.note(round: 7)
        #expect(acceptor.nextRound == 10)
    }

    @Test func `what a disk kept binds again, and takes nothing back of what was promised since`() {
        var acceptor = acceptor
        _ = acceptor.promise(Self.ballot(6))
        let accepted = Accepted(ballot: Self.ballot(2), record: Self.proposal(1))
        acceptor.restore(promised: Self.ballot(2), accepted: accepted, now)
        #expect(acceptor.promised == Self.ballot(6) && acceptor.accepted == accepted)
        #expect(acceptor.leaseMicroseconds == now.monotonicMicroseconds)
    }

    @Test func `a proposal goes out once more than half have promised, and is decided once more than half accepted`() {
        var proposer = Proposer(Self.ballot(1), voters: Self.layout)
        for (count, node) in Self.nodes.enumerated() {
            #expect(proposer.mayPropose == (count * 2 > Self.nodes.count))
            #expect(proposer.isDecided == (count * 2 > Self.nodes.count))
            _ = proposer.take(promise: Self.vector, nil, of: node)
            proposer.take(acceptance: Self.vector, of: node)
            // Twice is once.
            proposer.take(acceptance: Self.vector, of: node)
        }
    }

    @Test
    func `of what was accepted before, that of the highest ballot must be proposed, in whatever order it is told`() {
        let accepted = [3, 1, 2].map { Accepted(ballot: Self.ballot($0), record: Self.proposal($0)) }
        for order in [[0, 1, 2], [1, 2, 0], [2, 0, 1]] {
            var proposer = Proposer(Self.ballot(9), voters: Self.layout)
            for (voter, place) in order.enumerated() {
                _ = proposer.take(promise: Self.vector, accepted[place], of: Self.nodes[voter])
            }
            #expect(proposer.found == accepted[0])
        }
    }

    @Test func `an answer of a voter that has started again since, without its memory, counts for nothing`() {
        var proposer = Proposer(Self.ballot(1), voters: Self.layout)
        for node in Self.nodes[0..<2] { proposer.take(acceptance: Self.vector, of: node) }
        // The third knows that the first has started anew.
        proposer.take(acceptance: CrashVector([2, 1, 1, 1, 1]), of: Self.nodes[2])
        #expect(!proposer.isDecided)
        // Who is no voter, or has no vote, changes nothing.
        proposer.take(acceptance: Self.vector, of: NodeAddress("10.0.0.9:1")!)
        proposer.take(acceptance: CrashVector(), of: Self.nodes[3])
        #expect(!proposer.isDecided)
        proposer.take(acceptance: Self.vector, of: Self.nodes[4])
        #expect(proposer.isDecided)
    }

    /// Random rounds: proposers that ask, die and are overtaken, voters that answer in any order or not at all.
    @Test func `whatever the order, two proposals are never both decided`() {
        var random = SplitMix(state: 7)
        for _ in 0..<3_000 {
            var voters = Self.nodes.map { _ in acceptor }
            var decided: Set<UInt64> = []
            for round in 1...4 as ClosedRange<UInt64> {
                let ballot = Self.ballot(round, Int(random.next() % 5))
                var proposer = Proposer(ballot, voters: Self.layout)
                for voter in voters.indices where random.next() % 4 > 0 {
                    guard voters[voter].promise(ballot) == nil else { continue }
                    _ = proposer.take(promise: Self.vector, voters[voter].accepted, of: Self.nodes[voter])
                }
                guard proposer.mayPropose else { continue }
                let proposal = proposer.found?.record ?? Self.proposal(100 + round)
                // An older proposer may be late: it asks for acceptance under its ballot after others were promised.
                for voter in voters.indices where random.next() % 2 > 0 {
                    guard voters[voter].promise(ballot) == nil else { continue }
                    voters[voter].accept(proposal, under: ballot)
                    proposer.take(acceptance: Self.vector, of: Self.nodes[voter])
                }
                if proposer.isDecided { decided.insert(proposal.layout.seed) }
            }
            #expect(decided.count <= 1)
        }
    }

    private struct SplitMix {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
    }
}
