import Testing

/// The clients of a demo beside what else writes to it.
@Suite(.timeLimit(.minutes(10))) struct TrafficTests {
    @Test func trafficThatIsAskedForBeforeTheKeysAreLoadedBlamesNobodyForThem() async throws {
        let ended = try await shell(
            #"""
            printf 'press L\nsee "op/s" within 60s\npause 1s\nsee "  0 errors" within 120s\n' >"$TMPDIR/s"
            "$SHARDTOP" demo --nodes 4 --keys 2000 --port 24800 --script "$TMPDIR/s" --size 120x35
            """#)
        #expect(ended.status == .exited(0), "\(ended.text)")
    }
}
