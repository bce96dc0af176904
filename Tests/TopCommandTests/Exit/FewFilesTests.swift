import BasicNodes
import Foundation
import Testing

@testable import TopCommand

/// The program where it may open few files.
@Suite(.timeLimit(.minutes(10))) struct FewFilesTests {
    /// Runs a line of shell with `$SHARDTOP`, and tells what it printed, both streams, and how it ended.
    private func shell(_ line: String) async throws -> (text: String, status: Int32, wasSignalled: Bool) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", line]
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("shardtop").path
        process.environment = ProcessInfo.processInfo.environment.merging(["SHARDTOP": program]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = try await Task.detached { try pipe.fileHandleForReading.readToEnd() ?? Data() }.value
        process.waitUntilExit()
        return (
            String(decoding: text, as: UTF8.self), process.terminationStatus,
            process.terminationReason == .uncaughtSignal
        )
    }

    @Test func `nodes that it has no file for are told as not asked, and not as down`() async throws {
        let cluster = BasicCluster(names: .short)
        var nodes: [BasicNode] = []
        for _ in 0..<80 { nodes.append(try await BasicNode.start(cluster)) }
        cluster.place(nodes.map(\.address), shardCount: 2)
        let ended = try await shell("ulimit -n 64; exec \"$SHARDTOP\" status --at \(nodes[0].address)")
        #expect(!ended.wasSignalled)
        #expect(ended.text.contains("not asked: this program may open no more files"))
        #expect(!ended.text.contains("down: "))
        for node in nodes { await node.die() }
    }

    @Test func `a demo with more nodes than it has files for is refused before it starts any`() async throws {
        let ended = try await shell("ulimit -n 256; exec \"$SHARDTOP\" demo --nodes 44 --shards 8 --plain")
        #expect(ended.status == 1)
        #expect(
            ended.text
                == "shardtop: this process may open 256 files, and a demo of 44 nodes needs about 276: "
                + "allow more with 'ulimit -n 1024', or start fewer nodes\n")
    }

    @Test func `a soft limit is raised as far as the hard one allows`() async throws {
        let ended = try await shell("ulimit -Sn 40; ulimit -Hn 100; exec \"$SHARDTOP\" demo --nodes 40 --plain")
        #expect(ended.text.hasPrefix("shardtop: this process may open 100 files, "))
    }
}
