import Foundation
import Testing

/// A node that crashes, as whoever starts it again sees it.
@Suite(.serialized, .timeLimit(.minutes(10))) struct CrashTests {
    /// Sent from outside: Swift's backtracer alone lets the process go on then, and the port stay taken.
    @Test(arguments: [SIGILL, SIGTRAP, SIGSEGV]) func aCrashFreesThePortAndIsTold(by signal: Int32) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("crash-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data().write(to: path)
        let nodes = try NodeProcesses(count: 2, shardCount: 1, log: try FileHandle(forWritingTo: path))
        let port = nodes.ports[0]
        #expect(try await inTime { Ports.isListening(port) })
        #expect(try await nodes.end(port, by: signal) == signal)
        #expect(!Ports.isListening(port))
        let log = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        #expect(log.contains("shardnode: crashed by SIG"), "\(log)")
        try nodes.start(port)
        #expect(try await inTime { Ports.isListening(port) })
    }
}
