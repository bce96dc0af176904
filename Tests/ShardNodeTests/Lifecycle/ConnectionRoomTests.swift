import Testing

@testable import ShardNode

/// How a node divides the files that its process may open.
@Suite(.timeLimit(.minutes(10))) struct ConnectionRoomTests {
    @Test(arguments: [(256, 6), (256, 32), (256, 44), (512, 64), (1_024, 16), (20_000, 6)])
    func `clients and peers together stay below the limit`(limit: Int, peers: Int) {
        let room = ConnectionRoom(wanted: 100_000, peers: peers, limit: limit)
        #expect(room.connectionsMax + room.graceMax + 2 * peers + 32 <= limit)
        #expect(room.connectionsMax >= 16)
        #expect(room.warning == nil)
    }

    @Test func `where there is room a node takes what it was told to`() {
        let room = ConnectionRoom(wanted: 1_000, peers: 6, limit: 20_000)
        #expect(room.connectionsMax == 1_000)
        #expect(room.graceMax == 256)
    }

    @Test func `a limit below what the peers need is said, with what to do`() {
        let room = ConnectionRoom(wanted: 1_000, peers: 44, limit: 128)
        #expect(
            room.warning
                == "this process may open 128 files, and 44 nodes need about 184; raise it, as with 'ulimit -n 368'")
        #expect(room.connectionsMax == 16)
    }
}
