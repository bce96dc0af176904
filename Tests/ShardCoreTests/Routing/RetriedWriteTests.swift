import Testing

@testable import ShardCore

/// A write that was carried out, and tried again as its answer did not come.
@Suite struct RetriedWriteTests {
    private let node = NodeAddress("10.0.0.1:8081")!
    private let peer = NodeAddress("10.0.0.2:8081")!
    private var replica: Replica

    init() { replica = .serving(node, in: Layout.founding(nodes: [node, peer], shardCount: 1)) }

    private mutating func receive(_ message: Message) -> [Message] {
        let envelope = Envelope(
            from: peer, cluster: replica.cluster, incarnation: 1, epoch: 1, timestamp: 1, message: message)
        let now = Instant(monotonicMicroseconds: 1_000, wallMicroseconds: 1_000)
        return replica.handle(.message(envelope), now: now).compactMap {
            if case .send(let envelope, _) = $0 { envelope.message } else { nil }
        }
    }

    private mutating func answer(_ value: UInt8, timestamp: UInt64, isRetry: Bool) -> Reply? {
        let request = Request.put(key: "k", value: [value], context: .empty)
        let sent = receive(.forward(Forward(id: 1, timestamp: timestamp, isRetry: isRetry, request: request)))
        for case .forwarded(_, let reply) in sent { return reply }
        return nil
    }

    private func isCreated(_ reply: Reply?) -> Bool { if case .created? = reply { true } else { false } }
    private func isReplaced(_ reply: Reply?) -> Bool { if case .replaced? = reply { true } else { false } }

    @Test mutating func isAnsweredAsItWasTheFirstTime() {
        #expect(isCreated(answer(0x31, timestamp: 5_000_000, isRetry: false)))
        #expect(isCreated(answer(0x31, timestamp: 5_000_000, isRetry: true)))
        #expect(isReplaced(answer(0x32, timestamp: 6_000_000, isRetry: false)))
        #expect(isReplaced(answer(0x32, timestamp: 6_000_000, isRetry: true)))
    }

    /// New keys used to be answered as replaced ones, where another member had carried them out first.
    @Test mutating func isAnsweredAsItWasAtTheMemberThatCarriedItOut() {
        let origin = Origin(node: peer, incarnation: 1, epoch: 1)
        let record = Record(
            key: "k",
            entry: Entry(
                value: [0x31], version: Version(dot: Dot(origin: origin, counter: 1), timestamp: 5_000_000),
                dependencies: VersionVector()))
        _ = receive(.heartbeat(.plain(1, .serving)))
        _ = receive(
            .replicate(Replication(origin: origin, after: 0, upTo: 1, requires: VersionVector(), records: [record])))
        #expect(isCreated(answer(0x31, timestamp: 5_000_000, isRetry: true)))
    }

    @Test func onlyTheLatestCreationsAreKept() {
        var creations = RecentCreations()
        for timestamp in 1...10_000 as ClosedRange<UInt64> { creations.note(timestamp) }
        #expect(creations.contains(10_000) && creations.contains(2_000) && !creations.contains(1_000))
    }
}
