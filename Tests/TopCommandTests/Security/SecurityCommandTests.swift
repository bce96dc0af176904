import BasicNodes
import ClusterSecurity
import Foundation
import Testing

@testable import TopCommand

/// The commands that make certificates and tokens, and what others end with at nodes that want them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SecurityCommandTests {
    private typealias Status = TopCommand.ExitStatus

    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("security-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func run(_ arguments: String...) async -> Status? { Status(rawValue: await exitStatus(of: arguments)) }

    private func mode(_ path: String) throws -> Int? {
        try (FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func `certificates are made, renewed and shown`() async throws {
        try await inFolder { folder in
            let ca = folder + "/ca"
            #expect(await run("certs", "node", ca, "10.0.0.1:8081") == .fileTrouble)
            #expect(await run("certs", "init", ca) == .ok)
            #expect(await run("certs", "init", ca) == .failed)
            #expect(await run("certs", "node", ca, "10.0.0.1:8081", "node-1.example") == .ok)
            #expect(await run("certs", "node", ca, "10.0.0.1:8081") == .failed)
            #expect(await run("certs", "node", ca, "10.0.0.1:8081", "--renew") == .ok)
            #expect(await run("certs", "node", ca, "10.0.0.1:8081", "--renew", "--days", "0") == .failed)
            #expect(await run("certs", "node", ca, "10.0.0.2", "--new-key") == .usage)
            #expect(await run("certs", "client", ca, "anna") == .ok)
            #expect(await run("certs", "show", ca) == .ok)
            #expect(await run("certs", "show", ca, "--json") == .ok)
            #expect(await run("certs", "show", folder + "/none") == .fileTrouble)
            let names = try FileManager.default.contentsOfDirectory(atPath: ca).sorted()
            #expect(
                names == ["10.0.0.1_8081.key", "10.0.0.1_8081.pem", "anna.key", "anna.pem", "ca.key", "ca.pem"])
        }
    }

    @Test func `tokens are added and removed, and the file is for its owner alone`() async throws {
        try await inFolder { folder in
            let file = folder + "/tokens"
            #expect(await run("tokens", "list", file) == .fileTrouble)
            #expect(await run("tokens", "add", file, "--name", "anna", "--role", "operate") == .ok)
            #expect(await run("tokens", "add", file, "--name", "anna", "--role", "read") == .failed)
            #expect(await run("tokens", "add", file, "--name", "bert", "--role", "root") == .usage)
            #expect(await run("tokens", "add", file, "--name", "bert", "--role", "read", "--certificate") == .ok)
            #expect(try mode(file) == 0o600)
            #expect(await run("tokens", "list", file, "--json") == .ok)
            let entries = try TokenFile(parsing: String(contentsOfFile: file, encoding: .utf8)).entries
            #expect(entries.map(\.name) == ["anna", "bert"])
            #expect(entries.map(\.role) == [.operate, .read])
            #expect(entries.map { $0.proof == .certificate } == [false, true])
            #expect(await run("tokens", "remove", file, "anna") == .ok)
            #expect(await run("tokens", "remove", file, "anna") == .failed)
            #expect(await run("tokens", "list", file) == .ok)
        }
    }

    @Test(arguments: [401, 403])
    func `a node that does not permit it is told apart from one that is none`(_ status: Int) async throws {
        let node = try await BasicNode.scripted { _, _, _ in (status, #"{"error":"wants the role read"}"#) }
        for command in [["get", "k"], ["put", "k", "v"], ["status"], ["load", "1"], ["reshard", "1"], ["events"]] {
            let found = await exitStatus(of: command + ["--at", node.address])
            #expect(found == Status.notPermitted.rawValue, "\(command)")
        }
        await node.die()
    }

    @Test func `TLS with a node that speaks plain text does not come about`() async throws {
        let node = try await BasicNode.start(BasicCluster(names: .short))
        for command in [["get", "k"], ["status"], ["load", "1"]] {
            let found = await exitStatus(of: command + ["--at", "https://\(node.address)"])
            #expect(found == Status.otherProtocol.rawValue, "\(command)")
        }
        await node.die()
    }
}
