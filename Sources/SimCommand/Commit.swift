import Foundation

/// The sources of a failing run. Without them its seed says little, as every change of the generator changes runs.
enum Commit {
    /// The commit as git names it in the working directory, with a word if files differ from it; `unknown` without git.
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
