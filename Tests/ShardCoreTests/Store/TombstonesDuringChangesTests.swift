import Testing

@testable import ShardCore

/// A node with a tombstone that every member knows of, while another node takes part in a change of which this one has not
/// heard, or has heard that it came to nothing: its portion may have been read before the deletion.
@Suite struct TombstonesDuringChangesTests {
    private let layout = Layout.founding(nodes: (1...2).map { NodeAddress("10.0.0.\($0):8081")! }, shardCount: 1)
    private var other: NodeAddress { layout.members[1] }

    /// Whether the tombstone is kept for a minute in which the other member says so often whether it is outside changes.
    private func keepsTombstone(isOtherOutsideChanges: Bool, plant: PlantedBug? = nil) -> Bool {
        var replica = Replica.serving(layout.members[0], in: layout) {
            $0.tombstoneMilliseconds = 1_000
            $0.plantedBug = plant
        }
        func handle(_ event: Event, _ milliseconds: UInt64) {
            let time = milliseconds * 1_000
            _ = replica.handle(event, now: Instant(monotonicMicroseconds: time, wallMicroseconds: time))
        }
        handle(.request(RequestID(1), .put(key: "k", value: [0x31], context: .empty)), 10)
        handle(.request(RequestID(2), .delete(key: "k", context: .empty)), 20)
        #expect(replica.store["k"]?.isTombstone == true)
        for moment in stride(from: 100, through: 60_000, by: 100) as StrideThrough<UInt64> {
            handle(.tick, moment)
            let heartbeat = Heartbeat(
                count: moment, heard: HeartbeatNumber(incarnation: 1, count: replica.members.heartbeats.count),
                state: .serving, wallMicroseconds: moment * 1_000, vector: replica.vector, handedOn: VersionVector(),
                isOutsideChanges: isOtherOutsideChanges, nodes: [], wantsReply: false)
            let envelope = Envelope(
                from: other, cluster: replica.cluster, incarnation: 5, epoch: 1, timestamp: 1,
                message: .heartbeat(heartbeat))
            handle(.message(envelope), moment + 1)
        }
        return replica.store["k"] != nil
    }

    @Test func itIsKeptUntilEveryNodeIsOutsideChanges() {
        #expect(keepsTombstone(isOtherOutsideChanges: false))
        #expect(!keepsTombstone(isOtherOutsideChanges: true))
    }

    @Test func theMistakeToAskNobodyShows() {
        #expect(!keepsTombstone(isOtherOutsideChanges: false, plant: .tombstonesGoDuringReshards))
    }
}
