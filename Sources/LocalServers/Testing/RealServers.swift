import Foundation
import Synchronization

/// Whether tests that need real servers can run here.
///
/// Tests of an engine that is not installed are skipped. That is said in one line, and they are named again at the end
/// of `make test`. Under `CI=true` they run all the same, and fail with what to install.
package enum RealServers {
    /// To be asked by a suite's `.enabled { … }`.
    ///
    /// - Parameter file: names the tests.
    package static func areThere(
        _ engines: ServerEngine..., file: String = #fileID, beside starts: [String] = ServerProgram.starts,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        say: (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
    ) async -> Bool {
        var missing: [String] = []
        for engine in engines {
            do {
                _ = try await ServerProgram.find(engine, path: environment["PATH"], beside: starts)
            } catch {
                missing.append(error.words)
            }
        }
        if missing.isEmpty || environment["CI"] == "true" { return true }
        let line = "skipped: \(file): \(missing.joined(separator: "; "))\n"
        guard noted.withLock({ $0.insert(line).inserted }) else { return false }
        say(line)
        if let file = environment["SHARDTOP_SKIPPED_TESTS"] { append(line, to: file) }
        return false
    }

    /// Suites ask for each of their tests as well.
    private static let noted = Mutex<Set<String>>([])

    private static func append(_ line: String, to file: String) {
        // Several test programs write to it, one after the other.
        if !FileManager.default.fileExists(atPath: file) {
            _ = FileManager.default.createFile(atPath: file, contents: nil)
        }
        guard let handle = FileHandle(forWritingAtPath: file) else { return }
        defer { try? handle.close() }
        _ = try? handle.seekToEnd()
        try? handle.write(contentsOf: Data(line.utf8))
    }
}
