import Foundation
import LocalServers
import Testing

@Suite struct ServerProgramTests {
    @Test func `a program that is not there is an error that says what to install`() async {
        let error = await #expect(throws: ServerTrouble.self) {
            _ = try await ServerProgram.find(.valkey, path: "/nowhere", beside: ["/nowhere/else"])
        }
        #expect(
            error?.words
                == "Valkey 9 or later is not installed: install Valkey 9 or later so that valkey-server is in PATH, "
                + "or run 'make setup-test'")
    }

    /// Systems exist that have one engine's program under the other's name, and older ones.
    @Test(arguments: [
        (ServerEngine.redis, "Valkey server v=9.1.2 sha=0", "is Valkey 9.1.2"),
        (.valkey, "Valkey server v=8.0.1 sha=0", "is Valkey 8.0.1"),
        (.valkey, "no server at all", "does not tell its version"),
        (.valkey, "", "does not tell its version"),
    ])
    func `a program that is another one, or too old, is named and not taken`(
        engine: ServerEngine, says: String, word: String
    ) async throws {
        try await withProgram(engine, says) { folder in
            let error = await #expect(throws: ServerTrouble.self) {
                _ = try await ServerProgram.find(engine, path: folder, beside: [])
            }
            #expect(error?.words.contains("\(folder)/\(engine.programName) \(word)") == true)
        }
    }

    @Test func `the one in PATH comes before the one under the build folder`() async throws {
        try await withProgram(.valkey, "Valkey server v=10.0.0 sha=0") { folder in
            let build = "\(folder)/.build/valkey/bin"
            try FileManager.default.createDirectory(atPath: build, withIntermediateDirectories: true)
            let own = "\(folder)/\(ServerEngine.valkey.programName)"
            try FileManager.default.copyItem(atPath: own, toPath: "\(build)/valkey-server")
            let first = try await ServerProgram.find(.valkey, path: folder, beside: ["\(folder)/x/y"])
            #expect(first.path == own && first.version == "10.0.0")
            let second = try await ServerProgram.find(.valkey, path: "", beside: ["\(folder)/x/y"])
            #expect(second.path == "\(build)/valkey-server")
        }
    }

    private func withProgram(
        _ engine: ServerEngine, _ says: String, _ body: (String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appendingPathComponent("programs-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = "\(folder)/\(engine.programName)"
        try Data("#!/bin/sh\necho '\(says)'\n".utf8).write(to: URL(fileURLWithPath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try await body(folder)
    }
}

/// What tests do where an engine is not installed.
@Suite struct RealServersTests {
    @Test func `tests are skipped where an engine is missing, and named in a file, but run under CI`() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("skipped-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        var environment = ["PATH": "/nowhere", "SHARDTOP_SKIPPED_TESTS": file]
        var said: [String] = []
        for _ in 0..<2 {
            let areThere = await RealServers.areThere(
                .redis, file: "Suite", beside: [], environment: environment, say: { said.append($0) })
            #expect(!areThere)
        }
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.hasPrefix("skipped: Suite: Redis 6 or later is not installed"))
        #expect([text] == said)
        environment["CI"] = "true"
        #expect(await RealServers.areThere(.redis, file: "Suite", beside: [], environment: environment))
    }
}
