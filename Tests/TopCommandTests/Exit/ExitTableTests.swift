import ArgumentParser
import BasicNodes
import Foundation
import ShardClient
import Testing

@testable import TopCommand

/// Every command that talks to a cluster, on everything that may listen at the address.
///
/// One after the other: what is asked within a second is soon too much for a machine that runs other tests as well.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ExitTableTests {
    static let commands = [
        ["get", "k"], ["put", "k", "v"], ["delete", "k"], ["where", "k"], ["status"], ["status", "--json"], ["events"],
        ["load", "3"], ["reshard", "2"], ["reshard", "2", "--dry-run"], ["reshard", "2", "--no-wait"],
        ["add-member", "127.0.0.1:1", "0"], ["watch", "--plain"],
    ]

    private func expect(_ wanted: TopCommand.ExitStatus, _ command: [String], at address: String) async {
        let place = command[0] == "watch" ? [address] : ["--at", address]
        var found = await exitStatus(of: command + place)
        // On a busy machine an answer may come too late, and is none then.
        for _ in 0..<10 where found == TopCommand.ExitStatus.unavailable.rawValue && found != wanted.rawValue {
            found = await exitStatus(of: command + place)
        }
        #expect(found == wanted.rawValue, "\(command.joined(separator: " "))")
    }

    @Test(arguments: commands) func `a closed port is nobody`(_ command: [String]) async {
        await expect(.unavailable, command, at: "127.0.0.1:1")
    }

    @Test(arguments: commands) func `a name that is none is nobody`(_ command: [String]) async {
        await expect(.unavailable, command, at: "no-such-host.invalid:8081")
    }

    @Test(arguments: commands) func `a port that says nothing is nobody`(_ command: [String]) async throws {
        try await withNode(.silent) { await expect(.unavailable, command, at: $0) }
    }

    @Test(arguments: commands) func `another web server is no node`(_ command: [String]) async throws {
        try await withNode(.foreign) { await expect(.otherProtocol, command, at: $0) }
    }

    @Test(arguments: commands) func `a server of another protocol is no node`(_ command: [String]) async throws {
        try await withNode(.garbled) { await expect(.otherProtocol, command, at: $0) }
        try await withNode(.greeting) { await expect(.otherProtocol, command, at: $0) }
    }

    @Test(arguments: commands) func `a node that goes by another name is no node`(_ command: [String]) async throws {
        let node = try await BasicNode.scripted { _, _, _ in (421, #"{"error":"ask it by its address"}"#) }
        await expect(.otherProtocol, command, at: node.address)
        await node.die()
    }

    private func withNode(_ manner: BasicNode.Manner, _ body: (String) async -> Void) async throws {
        let node = try await BasicNode.start(BasicCluster(names: .short), manner: manner)
        await body(node.address)
        await node.die()
    }
}

/// What the program would end with.
func exitStatus(of arguments: [String]) async -> Int32 {
    do {
        var command = try ShardTop.parseAsRoot(arguments)
        if var async = command as? any AsyncParsableCommand {
            try await async.run()
        } else {
            try command.run()
        }
        return 0
    } catch {
        return ShardTop.exitCode(for: error).rawValue
    }
}
