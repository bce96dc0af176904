import BasicNodes
import Foundation
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct ExitStatusTests {
    private func withNode(_ body: (String, BasicNode) async throws -> Void) async throws {
        let cluster = BasicCluster(names: .short)
        let nodes = [try await BasicNode.start(cluster), try await BasicNode.start(cluster)]
        cluster.place(nodes.map(\.address), shardCount: 1)
        try await body(nodes[0].address, nodes[0])
        for node in nodes { await node.die() }
    }

    @Test func `writing and reading keys ends with 0, a missing key with 1`() async throws {
        try await withNode { address, _ in
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("context-\(UUID())").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            #expect(await exitStatus(of: ["put", "k", "v", "--at", address, "--context", file]) == 0)
            let kept = try String(contentsOfFile: file, encoding: .utf8)
            #expect(kept == #"{ "z": {"writes":1} , "a":[1.50, 1e2, "\u0041\/"]}"#)
            #expect(await exitStatus(of: ["get", "k", "--at", address, "--context", file]) == 0)
            #expect(await exitStatus(of: ["delete", "k", "--at", address, "--context", file]) == 0)
            #expect(await exitStatus(of: ["get", "k", "--at", address, "--context", file]) == 1)
            #expect(await exitStatus(of: ["delete", "k", "--at", address, "--json"]) == 1)
        }
    }

    @Test func `who may only read, and loads, ends with 77`() async throws {
        let node = try await BasicNode.scripted { method, path, node in
            guard method == "GET" else { return (403, #"{"error":"'anna' has the role read"}"#) }
            return path == "/view" ? (200, #"{"view":["\#(node)"]}"#) : nil
        }
        #expect(await exitStatus(of: ["load", "3", "--at", node.address]) == 77)
        await node.die()
    }

    @Test func `a context file that is no JSON ends with 74`() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("context-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try "garbage".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(await exitStatus(of: ["get", "k", "--at", "127.0.0.1:1", "--context", file]) == 74)
    }

    @Test func `a recording that cannot be read or made ends with 74`() async {
        #expect(await exitStatus(of: ["replay", "/nowhere.rec"]) == 74)
    }

    @Test func `what basic nodes cannot do, and what they refuse, ends with 1`() async throws {
        try await withNode { address, _ in
            #expect(await exitStatus(of: ["where", "k", "--at", address]) == 1)
            #expect(await exitStatus(of: ["reshard", "9", "--at", address]) == 1)
            #expect(await exitStatus(of: ["reshard", "2", "--dry-run", "--at", address]) == 1)
            #expect(await exitStatus(of: ["reshard", "1", "--at", address]) == 0)
        }
    }

    @Test func `a terminal that cannot place text is said before it is used`() {
        #expect(throws: Failure.self) { try DashboardTerminal.check(isTerminal: false, term: "xterm") }
        #expect(throws: Failure.self) { try DashboardTerminal.check(isTerminal: true, term: "dumb") }
        #expect(throws: Failure.self) { try DashboardTerminal.check(isTerminal: true, term: nil) }
        #expect(throws: Never.self) { try DashboardTerminal.check(isTerminal: true, term: "xterm") }
        for term in ["dumb", "no-such-terminal", "", nil] {
            do {
                try DashboardTerminal.check(isTerminal: true, term: term)
                Issue.record("\(term ?? "no TERM") was taken")
            } catch {
                #expect((error as? Failure)?.words.contains("TERM=xterm-256color") == true, "it says what to set")
            }
        }
    }
}
