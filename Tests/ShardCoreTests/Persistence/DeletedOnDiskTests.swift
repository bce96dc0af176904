import Testing

@testable import ShardCore

/// A node whose disk is not whole fetches its shard's data, and much of what it held was deleted and forgotten since.
@Suite struct DeletedOnDiskTests {
    private let nodes = (1...2).map { NodeAddress("10.0.0.\($0):8081")! }
    private let state: DurableState
    /// More than one change forgets.
    private let records: [Record]
    private var replica: Replica
    private var image: DiskImage
    private var isResumeWanted = false

    init() {
        let origin = Origin(node: nodes[0], incarnation: 1, epoch: 1)
        records = (UInt64(1)...5_000).map { number in
            Record(
                key: "key\(number)",
                entry: Entry(
                    value: [0x31], version: Version(dot: Dot(origin: origin, counter: number), timestamp: number),
                    dependencies: VersionVector()))
        }
        state = DurableState(
            address: nodes[0], incarnation: 1, cluster: .settled,
            record: EpochRecord(
                layout: Layout.founding(nodes: nodes, shardCount: 1), baseline: VersionVector(), operation: nil),
            vector: VersionVector([Dot(origin: origin, counter: 5_000)]), isWhole: false)
        image = DiskImage(
            state: state, entries: Dictionary(uniqueKeysWithValues: records.map { ($0.key, $0.entry) }))
        var configuration = ReplicaConfiguration(address: nodes[0], view: nodes, shardCount: nil, incarnation: 2)
        configuration.hasDisk = true
        replica = Replica(configuration: configuration, disk: image.contents, now: Self.now)
    }

    private static let now = Instant(monotonicMicroseconds: 1_000_000, wallMicroseconds: 1_000_000)

    /// Writes what `event` changes, and returns what is sent; what the disk then says of itself must be true.
    private mutating func handle(_ event: Event) -> [Message] {
        var sent: [Message] = []
        for directive in replica.handle(event, now: Self.now) {
            switch directive {
            case .persist(let change):
                image.apply(change)
                #expect(image.state?.isWhole == false || image.entries.isEmpty, "a crash brings back what was deleted")
            case .send(let envelope, _): sent.append(envelope.message)
            case .resume: isResumeWanted = true
            default: break
            }
        }
        return sent
    }

    private func message(_ message: Message) -> Event {
        .message(
            Envelope(
                from: nodes[1], cluster: replica.cluster, incarnation: 1, epoch: 1, timestamp: 1, message: message))
    }

    @Test mutating func aDiskIsNotWholeBeforeWhatWasDeletedIsGoneFromIt() throws {
        var sent = handle(message(.heartbeat(.plain(1, .serving))))
        sent += handle(.tick)
        let fetches: [Fetch] = sent.compactMap { if case .fetch(let fetch) = $0 { fetch } else { nil } }
        let fetch = try #require(fetches.first)
        let page = FetchPage(id: fetch.id, cursor: fetch.cursor, records: [], next: nil, vector: state.vector)
        _ = handle(message(.fetched(page)))
        #expect(replica.state == .serving)
        #expect(replica.store.records.isEmpty)
        for _ in 0..<10 where isResumeWanted {
            isResumeWanted = false
            _ = handle(.resume)
        }
        #expect(image.state?.isWhole == true)
        #expect(image.entries.isEmpty)
    }
}
