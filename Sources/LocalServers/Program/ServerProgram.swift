import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A server's program on this machine.
package struct ServerProgram: Sendable {
    package let engine: ServerEngine
    package let path: String
    /// As it tells it, such as "9.1.2".
    package let version: String

    /// The first in PATH that is this engine's and new enough, else the one that `make setup-test` put under `.build`.
    ///
    /// - Throws: ``ServerTrouble`` that says where it was looked for, what was found, and what to install.
    package static func find(
        _ engine: ServerEngine, path: String? = ProcessInfo.processInfo.environment["PATH"],
        beside starts: [String] = starts
    ) async throws(ServerTrouble) -> ServerProgram {
        var unfit: [String] = []
        for candidate in candidates(engine, path: path ?? "", beside: starts) {
            guard FileManager.default.isExecutableFile(atPath: candidate) else { continue }
            guard let (name, version) = await identify(candidate) else {
                unfit.append("\(candidate) does not tell its version")
                continue
            }
            // Some systems have one engine's program under the other's name.
            guard name == engine.name, let major = Int(version.prefix { $0 != "." }), major >= engine.majorVersionMin
            else {
                unfit.append("\(candidate) is \(name) \(version)")
                continue
            }
            return ServerProgram(engine: engine, path: candidate, version: version)
        }
        let found = unfit.isEmpty ? "" : " (\(unfit.joined(separator: "; ")))"
        throw ServerTrouble(
            "\(engine.name) \(engine.majorVersionMin) or later is not installed\(found): \(engine.advice)")
    }

    /// The places at or above which a `.build` is looked for: this program and the working folder.
    package static var starts: [String] {
        [Bundle.main.executablePath, FileManager.default.currentDirectoryPath].compactMap { $0 }
    }

    private static func candidates(_ engine: ServerEngine, path: String, beside starts: [String]) -> [String] {
        let inPath = path.split(separator: ":").map { "\($0)/\(engine.programName)" }
        let builds = starts.flatMap { start -> [String] in
            var folder = URL(fileURLWithPath: start).resolvingSymlinksInPath()
            var found: [String] = []
            while folder.path != "/" {
                let build = folder.lastPathComponent == ".build" ? folder : folder.appendingPathComponent(".build")
                found.append(build.appendingPathComponent("\(engine.rawValue)/bin/\(engine.programName)").path)
                folder.deleteLastPathComponent()
            }
            return found
        }
        return inPath + builds
    }

    /// Reads "Redis server v=7.0.15 sha=…".
    private static func identify(_ program: String) async -> (name: String, version: String)? {
        let result = try? await run(.path(FilePath(program)), arguments: ["--version"], output: .string(limit: 4_096))
        let words = (result?.standardOutput ?? "").split(separator: " ")
        guard words.count > 2, words[1] == "server", words[2].hasPrefix("v=") else { return nil }
        return (String(words[0]), String(words[2].dropFirst(2)))
    }
}
