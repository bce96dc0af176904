import Foundation
import Subprocess
import Testing

/// The clients of a demo beside what else writes to it.
@Suite struct TrafficTests {
    @Test func trafficThatIsAskedForBeforeTheKeysAreLoadedBlamesNobodyForThem() async throws {
        let script = FileManager.default.temporaryDirectory.appendingPathComponent("traffic-\(UUID())")
        defer { try? FileManager.default.removeItem(at: script) }
        let lines = ["press L", #"see "op/s" within 60s"#, "pause 1s", #"see "  0 errors" within 20s"#]
        try Data(lines.joined(separator: "\n").utf8).write(to: script)
        let result = try await run(
            .name("bash"),
            arguments: [
                "-c", #""$SHARDTOP" demo --nodes 4 --keys 2000 --port 24800 --script "$SCRIPT" --size 120x35"#,
            ],
            environment: .inherit.updating([
                "SHARDTOP": try TerminalSession.program("shardtop"), "SCRIPT": script.path,
            ]),
            output: .string(limit: 1_000_000), error: .combinedWithOutput)
        #expect(result.terminationStatus == .exited(0), "\(result.standardOutput)")
    }
}
