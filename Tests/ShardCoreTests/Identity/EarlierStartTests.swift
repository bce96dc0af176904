import Testing

@testable import ShardCore

/// A node that keeps the name of a start that it never heard.
@Suite struct EarlierStartTests {
    private let layout = Layout.founding(nodes: (1...2).map { NodeAddress("10.0.0.\($0):8081")! }, shardCount: 1)
    private var replica: Replica
    private let other: NodeAddress
    private var beats: UInt64 = 0

    init() {
        replica = .serving(layout.members[0], in: layout)
        other = layout.members[1]
    }

    private mutating func receive(_ message: Message, at milliseconds: UInt64) -> [Directive] {
        handle(
            .message(
                Envelope(
                    from: other, cluster: replica.cluster, incarnation: 5, epoch: 1, timestamp: 1, message: message)),
            at: milliseconds)
    }

    private mutating func handle(_ event: Event, at milliseconds: UInt64) -> [Directive] {
        let time = milliseconds * 1_000 + 1
        return replica.handle(event, now: Instant(monotonicMicroseconds: time, wallMicroseconds: time))
    }

    /// What it says in so much time of starts of `other`, which goes on to be heard.
    private mutating func starts(toldFrom first: UInt64, to last: UInt64) -> Set<UInt64> {
        var told: Set<UInt64> = []
        for moment in stride(from: first, through: last, by: 100) {
            beats += 1
            _ = receive(.heartbeat(.plain(beats, .serving)), at: moment)
            for directive in handle(.tick, at: moment) {
                if case .send(let envelope, other) = directive, case .laterStart(let start, _) = envelope.message {
                    told.insert(start)
                }
            }
        }
        return told
    }

    private func origin(_ node: NodeAddress, _ start: UInt64) -> Origin {
        Origin(node: node, incarnation: start, epoch: 1)
    }

    private func naming(_ origin: Origin) -> VersionVector { VersionVector([Dot(origin: origin, counter: 3)]) }

    @Test mutating func theNodeThatIsThereNowIsToldOfIt() {
        _ = starts(toldFrom: 100, to: 2_000)
        replica.epochState.cover(naming(origin(other, 9)))
        #expect(starts(toldFrom: 2_100, to: 6_000) == [9])
    }

    @Test mutating func aNameInABatchThatWaitsIsToldOf() {
        _ = starts(toldFrom: 100, to: 2_000)
        let batch = Replication(
            origin: origin(other, 5), after: 4, upTo: 5, requires: naming(origin(other, 9)), records: [])
        replica.epochState.pending = [batch]
        #expect(starts(toldFrom: 2_100, to: 6_000) == [9])
    }

    @Test mutating func aNameInADependencyIsToldOf() {
        _ = starts(toldFrom: 100, to: 2_000)
        let version = Version(dot: Dot(origin: origin(other, 5), counter: 1), timestamp: 1)
        replica.merge(
            Record(key: "k", entry: Entry(value: [1], version: version, dependencies: naming(origin(other, 9)))))
        #expect(starts(toldFrom: 2_100, to: 6_000) == [9])
    }

    @Test mutating func aStartOfItsOwnIsGoneAbove() {
        _ = starts(toldFrom: 100, to: 2_000)
        replica.epochState.cover(naming(origin(layout.members[0], 9)))
        _ = starts(toldFrom: 2_100, to: 6_000)
        #expect(replica.incarnation > 9)
    }

    @Test mutating func nothingIsSaidOfTheStartThatIsHeardAndOfOnesBefore() {
        _ = starts(toldFrom: 100, to: 2_000)
        replica.epochState.cover(naming(origin(other, 5)).merging(naming(origin(other, 4))))
        #expect(starts(toldFrom: 2_100, to: 6_000) == [])
    }

    /// Its node would not believe it, and take this one for a liar.
    @Test mutating func aNumberThatNoStartCanHaveIsNotPassedOn() {
        _ = starts(toldFrom: 100, to: 2_000)
        replica.epochState.cover(naming(origin(other, Bounds.incarnationMax - 1)))
        #expect(starts(toldFrom: 2_100, to: 6_000) == [])
    }

    /// Who has only just started may not have heard it yet.
    @Test mutating func nothingIsSaidBeforeThisNodeHasListenedForASilence() {
        replica.epochState.cover(naming(origin(other, 9)))
        #expect(starts(toldFrom: 100, to: 1_900) == [])
        #expect(starts(toldFrom: 2_000, to: 4_000) == [9])
    }
}
