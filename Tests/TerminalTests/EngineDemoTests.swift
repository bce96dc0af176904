import Foundation
import LocalServers
import Testing

/// The demo of real servers, as its user meets it.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled { await RealServers.areThere(.valkey, .redis) })
struct EngineDemoTests {
    @Test(arguments: ServerEngine.allCases)
    func theStoryEndsWellAndLeavesNothing(engine: ServerEngine) async throws {
        let ended = try await shell(
            #""$SHARDTOP" demo --engine \#(engine.rawValue) --plain --keys 300 --rate 0 --port 22000; echo "status $?""#
        )
        #expect(ended.text.contains("8 servers of \(engine.name)"))
        #expect(ended.text.contains("reshard 3 to 4"))
        for stage in ["check", "plan", "migrate", "verify"] { #expect(ended.text.contains("  \(stage) "), "\(stage)") }
        #expect(
            ended.text.contains("300 keys read back, each from the owner of its slot: 0 missing, 0 wrong, 0 failed"))
        #expect(ended.text.contains("OK: keys before = after = 300"))
        #expect(ended.text.hasSuffix("status 0\n"))
        #expect(ended.left == [])
        #expect(!(22_000..<22_020).contains(where: Ports.isListening))
    }

    @Test func killedWithSignal9ItLeavesNoServerAndNoFolder() async throws {
        let ended = try await shell(
            #"""
            "$SHARDTOP" demo --engine valkey --plain --keys 1000000 --port 22100 >"$TMPDIR/out" 2>&1 &
            demo=$!
            until grep -q 'servers of' "$TMPDIR/out"; do kill -0 $demo || { cat "$TMPDIR/out"; exit 1; }; sleep 0.05; done
            folder=$(echo "$TMPDIR"/shardtop-demo-*)
            ls "$folder" | head -3
            kill -9 $demo; wait $demo
            # The shell that ends them is not this one's child.
            until [ ! -e "$folder" ]; do sleep 0.05; done
            rm "$TMPDIR/out"
            """#)
        #expect(ended.text.contains("221"), "there was a folder for each server: \(ended.text)")
        #expect(ended.left == [])
        try await eventually { !(22_100..<22_120).contains(where: Ports.isListening) }
    }

    @Test func anEngineThatIsNotInstalledIsSaidWithWhatToDo() async throws {
        let ended = try await shell(
            #"cp "$SHARDTOP" "$TMPDIR/shardtop"; cd "$TMPDIR"; PATH="$TMPDIR" ./shardtop demo --engine redis --plain; echo "status $?"; /bin/rm shardtop"#
        )
        #expect(ended.text.contains("Redis 6 or later is not installed: install Redis"))
        #expect(ended.text.hasSuffix("status 1\n"))
        #expect(ended.left == [])
    }
}

/// Waits until it is so. The test's own limit is that of the whole run.
private func eventually(_ isSo: () -> Bool) async throws {
    while !isSo() { try await Task.sleep(for: .milliseconds(20)) }
}
