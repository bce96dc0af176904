import Testing

@testable import ShardCore

/// A node of shard 0 that forwards a write to shard 1, and the test in the place of all other nodes.
@Suite struct DoubledRefusalTests {
    private struct Sent {
        let forward: Forward
        let node: NodeAddress
    }

    private let nodes = (1...4).map { NodeAddress("10.0.0.\($0):8081")! }
    private var replica: Replica
    private var milliseconds: UInt64 = 1

    init() {
        let layout = Layout.founding(nodes: nodes, shardCount: 2)
        replica = .serving(layout.shards[0][0], in: layout)
    }

    /// Hands `event` in, and tells what was forwarded for it.
    private mutating func handle(_ event: Event) -> Sent? {
        let now = Instant(monotonicMicroseconds: milliseconds * 1_000, wallMicroseconds: milliseconds * 1_000)
        for case .send(let envelope, let node) in replica.handle(event, now: now) {
            if case .forward(let forward) = envelope.message { return Sent(forward: forward, node: node) }
        }
        return nil
    }

    private mutating func receive(_ message: Message, from node: NodeAddress) -> Sent? {
        handle(
            .message(
                Envelope(
                    from: node, cluster: replica.cluster, incarnation: 1, epoch: 1, timestamp: 1, message: message)))
    }

    private mutating func receiveHeartbeats() {
        for node in nodes where node != replica.configuration.address {
            _ = receive(.heartbeat(.plain(1, .serving)), from: node)
        }
    }

    /// Else the write could be carried out twice, and what came between be undone.
    @Test mutating func saysNothingOfALaterTryAtTheSameMember() throws {
        receiveHeartbeats()
        let layout = replica.layout
        let key = try #require((0...).lazy.map { "key-\($0)" }.first { layout.shard(ofKey: $0) == 1 })
        let first = try #require(
            handle(.request(RequestID(1), .put(key: key, value: [0x31], context: .empty))))
        let refusal = Message.forwarded(id: first.forward.id, .refused(.busy))
        let second = try #require(receive(refusal, from: first.node))
        #expect(second.node != first.node)
        #expect(!second.forward.isRetry, "the first try did nothing")
        #expect(receive(refusal, from: second.node) == nil, "all were asked, so it pauses")
        milliseconds += 200
        let third = try #require(handle(.tick))
        #expect(third.node == first.node)
        #expect(!third.forward.isRetry)
        let fourth = try #require(receive(refusal, from: first.node))
        #expect(fourth.forward.isRetry, "the third try may be under way, whatever was said of the first")
    }
}
