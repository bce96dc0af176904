import Testing

@testable import ShardCore

@Suite struct HeartbeatTests {
    private static let node = NodeAddress("10.0.0.1:8081")!
    private static let peer = NodeAddress("10.0.0.2:8081")!

    private func heartbeat(_ count: UInt64, _ state: ServingState) -> Event {
        .message(
            Envelope(
                from: Self.peer, cluster: nil, incarnation: 1, epoch: 0, timestamp: 1,
                message: .heartbeat(.plain(count, state))))
    }

    /// Else a shard could be taken for one without a whole member.
    @Test func oneThatWasOvertakenOnItsWayChangesNothing() {
        let now = Instant(monotonicMicroseconds: 1, wallMicroseconds: 1)
        var replica = Replica(
            configuration: ReplicaConfiguration(
                address: Self.node, view: [Self.node, Self.peer], shardCount: nil, incarnation: 1), now: now)
        _ = replica.handle(heartbeat(2, .serving), now: now)
        _ = replica.handle(heartbeat(1, .catchingUp), now: now)
        #expect(replica.peers[Self.peer]?.state == .serving)
        _ = replica.handle(heartbeat(3, .catchingUp), now: now)
        #expect(replica.peers[Self.peer]?.state == .catchingUp)
    }
}
