import Testing

@testable import ShardCore

/// A member whose disk is a moment behind (``Durability/batched``), in a reshard that the test coordinates.
@Suite struct FreezeOnDiskTests {
    private let nodes = (1...4).map { NodeAddress("10.0.0.\($0):8081")! }
    private let coordinator: NodeAddress
    private let operation: OperationID
    private var replica: Replica

    init() {
        coordinator = nodes[1]
        operation = OperationID(epoch: 2, attempt: 1, coordinator: coordinator, incarnation: 1)
        replica = .serving(nodes[0], in: Layout.founding(nodes: nodes, shardCount: 2)) { $0.hasDisk = true }
    }

    /// What the disk is given for `message`; nil where nothing.
    private mutating func change(by message: Message) -> DiskChange? {
        let now = Instant(monotonicMicroseconds: 1_000, wallMicroseconds: 1_000)
        let envelope = Envelope(
            from: coordinator, cluster: replica.cluster, incarnation: 1, epoch: 1, timestamp: 1, message: message)
        for case .persist(let change) in replica.handle(.message(envelope), now: now) { return change }
        return nil
    }

    private func batch(_ sequence: UInt64, _ key: String, layout: Layout? = nil) -> Message {
        let origin = Origin(node: coordinator, incarnation: 1, epoch: 1)
        let entry = Entry(
            value: [0x31], version: Version(dot: Dot(origin: origin, counter: sequence + 1), timestamp: sequence + 1),
            dependencies: VersionVector())
        return .stage(
            operation, Stage(sequence: sequence, layout: layout, records: [Record(key: key, entry: entry)]))
    }

    /// Else a portion that was only on its way to the disk could be taken for whole after a crash of all.
    @Test mutating func whatIsConfirmedFromTheFreezeOnIsOnTheDiskFirst() throws {
        let next = Layout(epoch: 2, seed: 0, placement: .hashed, shards: [nodes])
        let ballot = Ballot(round: 1, node: coordinator, incarnation: 1)
        _ = change(by: .prepare(operation, ballot: ballot))
        _ = change(by: batch(0, "first", layout: next))
        let before = try #require(change(by: batch(1, "before")))
        #expect(!before.isVital, "what is staged before the freeze may wait")
        let freeze = try #require(change(by: .freeze(operation)))
        #expect(freeze.isVital)
        let after = try #require(change(by: batch(2, "after")))
        #expect(after.records.map(\.key) == ["after"])
        #expect(after.isVital)
    }

    /// It would say that its portion is on the disk.
    @Test mutating func aMemberWhoseDiskFailsDoesNotFreeze() {
        let next = Layout(epoch: 2, seed: 0, placement: .hashed, shards: [nodes])
        _ = change(by: .prepare(operation, ballot: Ballot(round: 1, node: coordinator, incarnation: 1)))
        _ = change(by: batch(0, "first", layout: next))
        let now = Instant(monotonicMicroseconds: 1_000, wallMicroseconds: 1_000)
        _ = replica.handle(.disk(isWritable: false), now: now)
        #expect(change(by: .freeze(operation)) == nil)
        #expect(!replica.isFrozen)
        _ = replica.handle(.disk(isWritable: true), now: now)
        #expect(change(by: .freeze(operation))?.isVital == true)
    }
}
