import Foundation
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct CompletionsTests {
    @Test(arguments: CompletionsCommand.Shell.allCases)
    func `every shell's script names the commands`(shell: CompletionsCommand.Shell) {
        let script = CompletionsCommand.script(for: shell)
        for word in ["replay", "reshard", "completions", "--record"] {
            // fish names flags without their dashes.
            #expect(
                script.contains(shell == .fish ? word.replacing("--", with: "") : word), "\(shell.rawValue): \(word)")
        }
    }

    @Test func `bash takes its script`() throws {
        let bash = try #require(
            ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"].first(
                where: FileManager.default.isExecutableFile(atPath:)), "bash is needed to check its completions")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("completions-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try CompletionsCommand.script(for: .bash).write(toFile: file, atomically: true, encoding: .utf8)
        let process = try Process.run(URL(fileURLWithPath: bash), arguments: ["-n", file])
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
