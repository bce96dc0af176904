import ClusterSecurity
import Foundation
import PaperAuthority
import ShardCore
import Testing

@testable import ShardNode

/// A port that speaks TLS, seen by OpenSSL's client.
@Suite(.timeLimit(.minutes(5)), .enabled(if: OpenSSLClient.isThere, "openssl is not installed"))
struct TLSPortTests {
    private static let get = "GET /kvs/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    private func withNode(
        _ cluster: SecureCluster, tokens: String? = nil, open: Bool = false, _ body: (RunningNode) async throws -> Void
    ) async throws {
        try cluster.pair("one")
        try await RunningNode.with(
            settings: .changed {
                cluster.tls("one", &$0)
                $0.acceptsOpenPeers = open
                if let tokens { $0.tokenFile = .init(name: "--token-file", text: tokens) }
            }, body)
    }

    @Test func clientsAreServedInTLS12And13WithoutACertificate() async throws {
        let cluster = try SecureCluster()
        try await withNode(cluster) { (node) async throws in
            for version in ["-tls1_2", "-tls1_3"] {
                let said = await OpenSSLClient.ask(
                    node.port, ["-CAfile", cluster.path("ca.pem"), "-verify_return_error", version], Self.get)
                #expect(said.contains("HTTP/1.1 200 OK") && said.contains(#""value":"a""#), "\(version): \(said)")
            }
        }
    }

    @Test(arguments: ["-tls1_1", "-tls1"])
    func olderVersionsAreRefused(version: String) async throws {
        try await withNode(try SecureCluster()) { (node) async throws in
            // Security level 0, as the client would else refuse by itself.
            let said = await OpenSSLClient.ask(node.port, [version, "-cipher", "ALL:@SECLEVEL=0"], Self.get)
            #expect(!said.contains("HTTP/1.1"), "\(said)")
            #expect(said.contains("alert protocol version"), "\(said)")
        }
    }

    @Test func aClientThatTrustsAnotherAuthorityGoesAway() async throws {
        let (cluster, others) = (try SecureCluster(), try SecureCluster())
        try await withNode(cluster) { (node) async throws in
            let said = await OpenSSLClient.ask(
                node.port, ["-CAfile", others.path("ca.pem"), "-verify_return_error"], Self.get)
            #expect(!said.contains("HTTP/1.1") && said.contains("verify error"), "\(said)")
        }
    }

    @Test func aCertificateThatIsShownMustBeOfTheAuthorityAndInTime() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("stranger", authority: try PaperAuthority("another"))
        try cluster.pair("late", endsIn: -60)
        try cluster.pair("client")
        try await withNode(cluster) { (node) async throws in
            for (name, isTaken) in [("stranger", false), ("late", false), ("client", true)] {
                let said = await OpenSSLClient.ask(
                    node.port, ["-cert", cluster.path("\(name).pem"), "-key", cluster.path("\(name).key")], Self.get)
                #expect(said.contains("HTTP/1.1 200 OK") == isTaken, "\(name): \(said)")
            }
            #expect(try await eventually { try await node.value { $0.core.security.state.refusedLinks } == 2 })
            let said = try await SecureCluster.words(node)
            #expect(said.contains("of no authority that is trusted here; make it one"), "\(said)")
            #expect(said.contains("its certificate ended on ") && said.contains("renew it"), "\(said)")
        }
    }

    @Test func whoWantsToBeAPeerNeedsACertificateThatNamesItsHost() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("other", addresses: ["10.0.0.9"])
        try cluster.pair("two")
        let hello = "\(PeerProtocol.fromHeader): 127.0.0.1:8082\r\n"
        let upgrade = PeerProtocol.request(to: testAddress, hello)
        try await withNode(cluster) { (node) async throws in
            let bare = await OpenSSLClient.ask(node.port, [], upgrade)
            #expect(bare.contains("403 Forbidden") && bare.contains("Peers must show a certificate"), "\(bare)")
            for (name, words) in [("other", "does not name 127.0.0.1"), ("two", "101 Switching Protocols")] {
                let said = await OpenSSLClient.ask(
                    node.port, ["-cert", cluster.path("\(name).pem"), "-key", cluster.path("\(name).key")], upgrade)
                #expect(said.contains(words), "\(name): \(said)")
            }
            let nameless = await OpenSSLClient.ask(
                node.port, ["-cert", cluster.path("two.pem"), "-key", cluster.path("two.key")],
                PeerProtocol.request(to: testAddress))
            #expect(nameless.contains("does not say who it is"), "\(nameless)")
        }
    }

    @Test func aCertificatesNameStandsForAToken() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("dashboard")
        try cluster.pair("somebody")
        let tokens = try cluster.folder.write("tokens", "dashboard read cert\n")
        try await withNode(cluster, tokens: tokens) { (node) async throws in
            func said(_ name: String, _ request: String) async -> String {
                await OpenSSLClient.ask(
                    node.port, ["-cert", cluster.path("\(name).pem"), "-key", cluster.path("\(name).key")], request)
            }
            #expect(await said("dashboard", Self.get).contains("HTTP/1.1 200 OK"))
            let unknown = await said("somebody", Self.get)
            #expect(
                unknown.contains("HTTP/1.1 401 ") && unknown.contains("The certificate of 'somebody' has no role here"))
            let delete = Self.get.replacing("GET", with: "DELETE")
            let refused = await said("dashboard", delete)
            #expect(
                refused.contains(
                    "The certificate of 'dashboard' has the role read, and this wants write; have its line in the nodes' "
                        + "token files say write"), "\(refused)")
        }
    }

    @Test func plainHTTPIsToldToComeByHTTPS() async throws {
        try await withNode(try SecureCluster()) { (node) async throws in
            let answer = try await RoleTests.ask(node.port, "GET", "/kvs/a", "")
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("This port speaks HTTPS; ask with https://"))
            #expect(node.record.value.requests == 0)
        }
        try await withNode(try SecureCluster(), open: true) { (node) async throws in
            #expect(try await RoleTests.status(node.port, "GET", "/kvs/a", "") == 200, "while the cluster changes")
        }
    }

    @Test func aPageOfTheNodesOwnSiteMayChangeSomethingByHTTPS() async throws {
        try await withNode(try SecureCluster()) { (node) async throws in
            for (origin, status) in [("https://x", 201), ("http://x", 403), ("https://evil.example", 403)] {
                let put =
                    "PUT /kvs/a HTTP/1.1\r\nHost: x\r\nOrigin: \(origin)\r\nConnection: close\r\nContent-Length: 11\r\n\r\n{\"value\":1}"
                #expect(await OpenSSLClient.ask(node.port, [], put).contains("HTTP/1.1 \(status) "), "\(origin)")
            }
        }
    }

    @Test func aRenewedCertificateIsShownToNewConnectionsAndABadOneIsNot() async throws {
        let cluster = try SecureCluster()
        try await withNode(cluster) { (node) async throws in
            func ends() async throws -> UInt64? {
                try await node.value { $0.core.security.state.certificateEndsMilliseconds }
            }
            func problem() async throws -> String? { try await node.value { $0.core.security.state.problem } }
            let first = try #require(try await ends())
            let other = try cluster.authority.pair("one", addresses: ["127.0.0.1"])
            try cluster.pair("one", endsIn: 3 * 86_400)
            #expect(try await eventually { try await ends().map { $0 > first + 86_400_000 } ?? false })
            let second = try #require(try await ends())
            for (pair, words) in [
                ({ try cluster.pair("one", endsIn: -60) }, "has ended"),
                ({ try cluster.pair("one", addresses: ["10.0.0.9"]) }, "does not name 127.0.0.1"),
                ({ _ = try cluster.folder.write("one.key", "no key") }, "holds no key"),
                (
                    {
                        try cluster.folder.write("one.key", other.key)
                        let pair = try cluster.authority.pair("one", addresses: ["127.0.0.1"])
                        try cluster.folder.write("one.pem", pair.certificate, mode: 0o644)
                    }, "is not that of the certificate"
                ),
            ] {
                try pair()
                #expect(try await eventually { try await problem()?.contains(words) == true }, "\(words)")
                let said = await OpenSSLClient.ask(
                    node.port, ["-CAfile", cluster.path("ca.pem"), "-verify_return_error"], Self.get)
                #expect(said.contains("HTTP/1.1 200 OK"), "\(words)")
                #expect(try await ends() == second)
            }
            try cluster.pair("one", endsIn: 2 * 86_400)
            node.node.readSecurityFiles()
            #expect(try await eventually { try await problem() == nil })
        }
    }

    @Test(arguments: [0o644, 0o660, 0o604])
    func aNodeDoesNotStartWithAKeyThatOthersCanUse(mode: Int) async throws {
        let cluster = try SecureCluster()
        try cluster.pair("one")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: cluster.path("one.key"))
        let error = await #expect(throws: StartError.self) {
            try await RunningNode.with(settings: .changed { cluster.tls("one", &$0) }) { _ in }
        }
        #expect(error?.description.contains("chmod 600") == true)
    }
}

/// `openssl s_client`, asked once.
enum OpenSSLClient {
    private static let path = "/usr/bin/openssl"
    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// All that it prints, what the node sent included.
    static func ask(_ port: Int, _ arguments: [String], _ request: String) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: path)
                process.arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-quiet"] + arguments
                let (input, output) = (Pipe(), Pipe())
                process.standardInput = input
                process.standardOutput = output
                process.standardError = output
                // Before it runs, so that it cannot be gone already.
                try? input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
                do { try process.run() } catch { return continuation.resume(returning: "\(error)") }
                try? output.fileHandleForWriting.close()
                var said = Data()
                while true {
                    let part = output.fileHandleForReading.availableData
                    if part.isEmpty { break }
                    said += part
                    // What was upgraded goes on until this end goes.
                    if String(decoding: said, as: UTF8.self).contains("101 Switching") {
                        kill(process.processIdentifier, SIGKILL)
                        break
                    }
                }
                process.waitUntilExit()
                try? input.fileHandleForWriting.close()
                continuation.resume(returning: String(decoding: said, as: UTF8.self))
            }
        }
    }
}
