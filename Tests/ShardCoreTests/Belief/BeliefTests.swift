import Testing

@testable import ShardCore

/// A node of shard 0, and the test in the place of all other nodes.
@Suite struct BeliefTests {
    private let nodes = (1...4).map { NodeAddress("10.0.0.\($0):8081")! }
    private var replica: Replica
    private let peer: NodeAddress

    init() {
        let layout = Layout.founding(nodes: nodes, shardCount: 2)
        replica = .serving(layout.shards[0][0], in: layout)
        peer = layout.shards[1][0]
    }

    private mutating func receive(_ message: Message, epoch: UInt64 = 1, timestamp: UInt64 = 1) -> [Directive] {
        let now = Instant(monotonicMicroseconds: 1_000, wallMicroseconds: 1_000)
        return replica.handle(
            .message(
                Envelope(
                    from: peer, cluster: replica.cluster, incarnation: 1, epoch: epoch, timestamp: timestamp,
                    message: message)),
            now: now)
    }

    private var operation: OperationID {
        OperationID(epoch: 2, attempt: 1, coordinator: peer, incarnation: 1)
    }

    private func prepare(_ round: UInt64) -> Message {
        .prepare(operation, ballot: Ballot(round: round, node: peer, incarnation: 1))
    }

    private func facts(_ directives: [Directive]) -> [Occurrence.Fact] {
        directives.compactMap { if case .record(let occurrence) = $0 { occurrence.fact } else { nil } }
    }

    @Test mutating func noRoundIsPromisedThatNobodyHasComeTo() {
        #expect(facts(receive(prepare(.max))) == [.disbelieves(.round)])
        #expect(facts(receive(prepare(1 << 40))).isEmpty, "operators are told once of a sender")
        #expect(replica.members.refused.count == 2)
        #expect(replica.acceptor.promised == nil)
        #expect(replica.peers[peer]?.incarnation == nil, "nothing of the message is taken in")
    }

    @Test mutating func aRoundAfterAMonthOfRivalsIsPromised() {
        _ = receive(prepare(1 << 31))
        #expect(replica.acceptor.promised?.round == 1 << 31)
        #expect(replica.acceptor.nextRound == 1 << 31 + 1)
    }

    @Test mutating func epochsAreBelievedAsFarAsAnAbsenceOfMonthsExplains() {
        #expect(facts(receive(.epochWanted, epoch: 500_000)).allSatisfy { $0 != .disbelieves(.epoch) })
        let forced = EpochNumber.forcing(after: 700, by: peer, incarnation: 1) ?? 0
        #expect(!facts(receive(.epochWanted, epoch: forced)).contains(.disbelieves(.epoch)))
        #expect(facts(receive(.epochWanted, epoch: 1 << 23)) == [.disbelieves(.epoch)])
        #expect(replica.members.refused.count == 1)
    }

    @Test mutating func aClockThatIsWrongByAYearIsBelievedAndOneOfACenturyIsNot() {
        let year: UInt64 = 366 * 86_400_000_000
        _ = receive(.leaving, timestamp: year << 12)
        #expect(replica.members.refused.count == 0)
        #expect(facts(receive(.leaving, timestamp: (100 * year) << 12)) == [.disbelieves(.timestamp)])
    }

    @Test mutating func nobodyCoversMoreOfThisNodesWritesThanItHasMade() {
        let ahead = VersionVector([Dot(origin: replica.ownOrigin, counter: 1)])
        #expect(facts(receive(.replicated(ahead))) == [.disbelieves(.count)])
    }

    @Test mutating func aVectorOfTheEpochNamesNoOther() {
        let other = VersionVector([Dot(origin: Origin(node: peer, incarnation: 1, epoch: 2), counter: 1)])
        #expect(facts(receive(.replicated(other))) == [.disbelieves(.epoch)])
    }

    @Test mutating func noLayoutIsTakenThatNoClusterHas() {
        let twice = Layout(epoch: 2, seed: 0, placement: .edited, shards: [[nodes[0]], [nodes[0]]])
        let record = EpochRecord(layout: twice, baseline: VersionVector(), operation: operation)
        #expect(facts(receive(.commit(record))) == [.disbelieves(.layout)])
        #expect(replica.layout.epoch == 1)
    }

    @Test mutating func onlyItsOwnWritesComeOfANode() {
        let origin = Origin(node: nodes.first { $0 != peer }!, incarnation: 1, epoch: 1)
        let batch = Replication(origin: origin, after: 0, upTo: 1, requires: VersionVector(), records: [])
        #expect(facts(receive(.replicate(batch))) == [.disbelieves(.sender)])
    }

    @Test mutating func whatAnotherClusterSaysIsNoLie() {
        let theirs = ClusterMark(id: ClusterID(settings: 9, draw: 9), standing: .settled)
        let now = Instant(monotonicMicroseconds: 1_000, wallMicroseconds: 1_000)
        _ = replica.handle(
            .message(
                Envelope(
                    from: peer, cluster: theirs, incarnation: 1, epoch: 1 << 50, timestamp: 1, message: .epochWanted)),
            now: now)
        #expect(replica.members.refused.count == 0)
    }

    // MARK: Disks of a version that believed anything

    @Test func aDiskThatHoldsALieDoesNotEndTheNode() {
        let layout = Layout.founding(nodes: nodes, shardCount: 2)
        let own = layout.shards[0][0]
        let origin = Origin(node: own, incarnation: 1, epoch: 1)
        let lie = Origin(node: peer, incarnation: 1, epoch: 1)
        var state = DurableState(
            address: own, incarnation: 1, cluster: .settled,
            record: EpochRecord(layout: layout, baseline: VersionVector(), operation: nil),
            vector: VersionVector([Dot(origin: origin, counter: .max)]), isWhole: true)
        state.promised = Ballot(round: .max, node: peer, incarnation: 1)
        state.timestampsPast = .max
        state.decisions = [KnownNode(address: peer, isRemoved: true, decidedAt: .max, incarnation: 1)]
        let entry = Entry(
            value: [0x31], version: Version(dot: Dot(origin: origin, counter: 1), timestamp: 5),
            dependencies: VersionVector([Dot(origin: lie, counter: .max)]))
        let key = (0...).lazy.map { "key-\($0)" }.first { layout.shard(ofKey: $0) == 0 }!
        let configuration = ReplicaConfiguration(address: own, view: nodes, shardCount: 2, incarnation: 2)
        let replica = Replica(
            configuration: configuration,
            disk: DiskContents(state: state, records: [Record(key: key, entry: entry)]),
            now: Instant(monotonicMicroseconds: 1, wallMicroseconds: 1))
        #expect(replica.acceptor.nextRound == 1)
        #expect(replica.vector.isEmpty)
        #expect(replica.members.decisions.all.isEmpty)
        #expect(replica.store[key]?.value == [0x31])
        #expect(replica.store[key]?.dependencies.isEmpty == true)
    }
}
