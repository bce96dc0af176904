import Foundation

/// Which sources a failure is of: without that its seed says little, for every change of the generator changes runs.
enum Commit {
    /// As git names it where this is run, with a word where files differ from it; `unknown` without git.
    static func current() -> String {
        guard let commit = git(["rev-parse", "--short=12", "HEAD"]), commit.status == 0, !commit.output.isEmpty else {
            return "unknown"
        }
        return git(["diff", "--quiet", "HEAD"])?.status == 0 ? commit.output : commit.output + " with changes"
    }

    private static func git(_ arguments: [String]) -> (status: Int32, output: String)? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return nil }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return (process.terminationStatus, text)
    }
}
