import Testing

@testable import ShardCore

/// A shard of two members that answers what both hold; the test is the other member.
@Suite struct AcknowledgingTests {
    private let node = NodeAddress("10.0.0.1:8081")!
    private let peer = NodeAddress("10.0.0.2:8081")!
    private var replica: Replica

    init() {
        replica = .serving(node, in: Layout.founding(nodes: [node, peer], shardCount: 1)) { $0.writeAcks = 2 }
    }

    private mutating func handle(_ event: Event, atMilliseconds milliseconds: UInt64) -> Reply? {
        let now = Instant(monotonicMicroseconds: milliseconds * 1_000, wallMicroseconds: milliseconds * 1_000)
        for case .reply(_, let reply) in replica.handle(event, now: now) { return reply }
        return nil
    }

    private mutating func receive(_ message: Message, atMilliseconds milliseconds: UInt64) -> Reply? {
        let envelope = Envelope(
            from: peer, cluster: replica.cluster, incarnation: 1, epoch: 1, timestamp: 1, message: message)
        return handle(.message(envelope), atMilliseconds: milliseconds)
    }

    /// Else a client would wait twice as long as it was promised.
    @Test mutating func aWriteThatWaitedForItsContextHasTheRestOfItsTimeForConfirmations() {
        #expect(receive(.heartbeat(.plain(1, .serving)), atMilliseconds: 1) == nil)
        let origin = Origin(node: peer, incarnation: 1, epoch: 1)
        let context = CausalContext(
            vector: VersionVector([Dot(origin: origin, counter: 1)]), timestamp: 1, epoch: 1)
        let write = Request.put(key: "key", value: [0x31], context: context)
        #expect(handle(.request(RequestID(1), write), atMilliseconds: 10) == nil)
        let cause = Message.replicate(
            Replication(origin: origin, after: 0, upTo: 1, requires: VersionVector(), records: []))
        #expect(receive(cause, atMilliseconds: 4_000) == nil, "carried out, and the other does not have it")
        #expect(replica.requests.unconfirmed.count == 1)
        #expect(handle(.tick, atMilliseconds: 5_000) == nil)
        #expect(handle(.tick, atMilliseconds: 5_020) == .refused(.tooFewAcks(needed: 2)))
    }
}
