import Foundation
import Subprocess

/// Runs a line of shell with `$SHARDTOP` and a temporary folder of its own.
///
/// - Returns: what it printed, both streams, its status, and what was left in the temporary folder.
func shell(_ line: String) async throws -> (text: String, status: TerminationStatus, left: [String]) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("demo-ends-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try await run(
        .name("bash"), arguments: ["-c", line],
        environment: .inherit.updating([
            "SHARDTOP": try TerminalSession.program("shardtop"), "TMPDIR": folder.path,
        ]),
        output: .string(limit: 1_000_000), error: .combinedWithOutput)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (result.standardOutput, result.terminationStatus, left)
}
