import Foundation
import LocalNodes
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

/// What becomes of a demo whose nodes do not start: programs of a line stand in for them.
@Suite(.serialized, .timeLimit(.minutes(10))) struct LocalClusterTests {
    /// Starts two "nodes", waits for them to serve, and tells the error and the cluster's folder.
    private func start(_ script: String, startSecondsMax: Int = 20) async throws -> (
        error: (any Error)?, folder: String
    ) {
        let program = FileManager.default.temporaryDirectory.appendingPathComponent("node-\(UUID())").path
        try "#!/bin/sh\n\(script)\n".write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        defer { try? FileManager.default.removeItem(atPath: program) }
        let folder = Locked("")
        let setup = LocalCluster.Setup(
            program: program, claims: try DemoPorts.claim(2, from: 24_500), shardCount: 1)
        do {
            try await LocalCluster.with(setup) { cluster in
                folder.withLock { $0 = cluster.folder }
                try await NodeTransport.with { transport in
                    let source = PollingSource(seeds: cluster.addresses, transport: transport)
                    let demo = NodeDemo(cluster: cluster, source: source, startSecondsMax: startSecondsMax)
                    try await demo.awaitServing { _ in }
                }
            }
            return (nil, folder.withLock { $0 })
        } catch {
            return (error, folder.withLock { $0 })
        }
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    // One after the other: the folder is named after this process.
    @Test func `nodes that do not start are told, with their logs, and a port that was taken asks for others`()
        async throws
    {
        let taken = try await start("exit 69")
        #expect(taken.error is PortTaken)
        #expect(!exists(taken.folder), "the next try has a folder of its own")

        let ended = try await start("echo no luck; exit 3")
        let words = try #require((ended.error as? Failure)?.words)
        #expect(words.contains("ended (exit status 3)"))
        #expect(words.contains("no luck"))
        #expect(words.hasSuffix("logs: \(ended.folder)"))
        #expect(exists(ended.folder), "who sees it fail wants the logs")
        DemoFolder.remove(ended.folder)

        let slow = try await start("exec sleep 60", startSecondsMax: 1)
        let why = try #require((slow.error as? Failure)?.words)
        #expect(why.contains(" and 1 other node do not serve, and none came to for 1 s: "))
        DemoFolder.remove(slow.folder)
    }

    /// The other node is stopped meanwhile, so that the write is nowhere else.
    @Test func `a write that was answered is there after kill -9 and a start, though no other node had it`()
        async throws
    {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let setup = LocalCluster.Setup(
            program: try NodeProgram.find(beside: folder.appendingPathComponent("shardtop").path),
            claims: try DemoPorts.claim(2, from: 24_550), shardCount: 1)
        try await LocalCluster.with(setup) { cluster in
            try await NodeTransport.with { transport in
                let (first, second) = (cluster.addresses[0], cluster.addresses[1])
                let source = PollingSource(seeds: cluster.addresses, transport: transport)
                let demo = NodeDemo(cluster: cluster, source: source)
                try await demo.awaitServing { _ in }
                #expect(cluster.pause(second, isPaused: true))
                let client = ClusterClient(nodes: [first], transport: transport)
                let written = try await client.put("key", value: .string("value"))
                #expect(cluster.kill(first))
                while cluster.ended[first] == nil { try await Task.sleep(for: .milliseconds(5)) }
                #expect(cluster.pause(second, isPaused: false))
                #expect(cluster.start(first))
                while cluster.ended[first] != nil { try await Task.sleep(for: .milliseconds(5)) }
                try await demo.awaitServing { _ in }
                let read = try await client.get("key", context: written.context)
                #expect(read.value == .string("value"))
            }
        }
    }
}
