import ClusterSecurity
import Foundation
import HostSystem
import ShardCore
import Testing

@testable import TopCommand

@Suite struct DemoSecurityTests {
    private let node = NodeAddress("127.0.0.1:8081")!

    private func inFolder(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test func everyNodeHasItsOwnPairAndKeepsItWhenItIsStartedAgain() throws {
        try inFolder { folder in
            let security = try DemoSecurity(in: folder)
            let first = try security.arguments(of: node)
            let other = try security.arguments(of: NodeAddress("127.0.0.1:8082")!)
            #expect(try security.arguments(of: node) == first)
            #expect(first != other)
            for flag in ["--tls-cert", "--tls-key", "--tls-ca", "--token-file", "--cluster-secret-file"] {
                let index = try #require(first.firstIndex(of: flag))
                #expect(FileManager.default.fileExists(atPath: first[index + 1]), "\(flag)")
            }
        }
    }

    @Test func allSecretsAreForTheirOwnerAlone() throws {
        try inFolder { folder in
            let security = try DemoSecurity(in: folder)
            _ = try security.arguments(of: node)
            let path = folder + "/security"
            for name in try FileManager.default.contentsOfDirectory(atPath: path) where !name.hasSuffix(".pem") {
                _ = try SecretFile.read(path + "/" + name, bytesMax: 10_000)
            }
        }
    }

    @Test func theTokenIsInNoArgumentAndInNoWords() throws {
        try inFolder { folder in
            let security = try DemoSecurity(in: folder)
            let token = try #require(security.access.token)
            let said = try security.arguments(of: node).joined() + security.invitation(to: node)
            #expect(!said.contains(token.revealed))
            let file = try TokenFile(
                parsing: String(contentsOfFile: folder + "/security/tokens", encoding: .utf8))
            #expect(file.entry(of: token)?.role == .operate)
        }
    }
}
