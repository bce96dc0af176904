import Certificates
import ClientTLS
import ClusterSecurity
import Foundation
import NIOSSL
import ShardCore
import Testing

@testable import ShardClient

/// TLS with nodes, and what is said where it does not come about. Certificates are those that the program makes.
@Suite(.timeLimit(.minutes(3))) struct SecureNodeTests {
    private static let yes = RawServer.Act.write("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nyes")

    private func withFolder(_ body: (CertificateFolder) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("secure-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = CertificateFolder(path)
        _ = try folder.makeAuthority()
        try await body(folder)
    }

    private func server(
        _ pair: IssuedCertificate, clients: CertificateVerification = .none, authority: String? = nil
    ) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(pair.file).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: try #require(pair.keyFile), format: .pem)))
        configuration.certificateVerification = clients
        if let authority { configuration.trustRoots = .file(authority) }
        return configuration
    }

    /// What comes of a request; nil where it is answered.
    private func error(
        _ server: TLSConfiguration?, _ access: NodeAccess, host: String = "127.0.0.1", _ acts: [RawServer.Act] = [yes]
    ) async throws -> TransportError? {
        let found = Locked<TransportError?>(nil)
        try await RawServer.with(acts, tls: server) { server in
            let node = NodeAddress("\(host):\(server.address.port)")!
            try await NodeTransport.with(access: access) { transport in
                do throws(TransportError) {
                    _ = try await transport.send(.GET, "/", to: node, timeoutMilliseconds: 60_000)
                } catch {
                    found.set(error)
                }
            }
        }
        return found.value
    }

    private final class Locked<Value: Sendable>: @unchecked Sendable {
        // Set by one task, and read after it has ended.
        private(set) var value: Value
        init(_ value: Value) { self.value = value }
        func set(_ value: Value) { self.value = value }
    }

    private func reason(_ error: TransportError?) -> String {
        switch error {
        case .noSecureConnection(let reason): "not secure: \(reason)"
        case .notPermitted(let reason): "not permitted: \(reason)"
        default: "\(String(describing: error))"
        }
    }

    private func trusting(_ folder: CertificateFolder) -> NodeAccess {
        NodeAccess(tls: ServerTLS(authorityFile: folder.authorityFile))
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `a node is asked whose certificate names the host`(_ host: String) async throws {
        try await withFolder { folder in
            let tls = try server(try folder.makeNode(["127.0.0.1:1", "localhost"]))
            #expect(try await error(tls, trusting(folder), host: host) == nil)
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `one whose certificate names another host is refused`(_ host: String) async throws {
        try await withFolder { folder in
            let tls = try server(try folder.makeNode(["10.0.0.1", "node-1.example"]))
            let words = reason(try await error(tls, trusting(folder), host: host))
            #expect(words.hasPrefix("not secure: was refused here: its certificate does not name '\(host)'"))
            var named = trusting(folder)
            named.tls = ServerTLS(authorityFile: folder.authorityFile, serverName: "node-1.example")
            #expect(try await error(tls, named, host: host) == nil)
        }
    }

    @Test func `one of another authority is refused`() async throws {
        try await withFolder { folder in
            let tls = try server(try folder.makeNode(["127.0.0.1"]))
            try await withFolder { other in
                let words = reason(try await error(tls, trusting(other)))
                #expect(words.hasPrefix("not secure: was refused here: its certificate is not signed by an authority"))
            }
        }
    }

    @Test func `one that has expired is refused, with its date`() async throws {
        try await withFolder { folder in
            let then = Date(timeIntervalSinceNow: -10 * 86_400)
            let pair = try folder.makeNode(["127.0.0.1"], days: 2, now: then)
            let words = reason(try await error(try server(pair), trusting(folder)))
            #expect(
                words.hasPrefix(
                    "not secure: was refused here: its certificate has expired on \(pair.validUntil.day); renew it"))
        }
    }

    @Test func `plain text and TLS know one another`() async throws {
        try await withFolder { folder in
            let toPlain = reason(try await error(nil, trusting(folder)))
            #expect(toPlain.hasPrefix("not secure: speaks plain text"), "\(toPlain)")
            // A server's alert: it was sent no message of TLS (RFC 8446, section 6).
            let alert = RawServer.Act.write("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{A}")
            let toTLS = reason(try await error(nil, .open, [alert, .close]))
            #expect(toTLS.hasPrefix("not secure: speaks TLS"), "\(toTLS)")
            // Some say nothing.
            let tls = try server(try folder.makeNode(["127.0.0.1"]))
            let toSilent = try await error(tls, .open)
            #expect(toSilent?.description.contains("https://") == true)
        }
    }

    @Test func `a node that wants a certificate takes one of its authority`() async throws {
        try await withFolder { folder in
            let tls = try server(
                try folder.makeNode(["127.0.0.1"]), clients: .noHostnameVerification, authority: folder.authorityFile)
            let without = reason(try await error(tls, trusting(folder)))
            #expect(without.hasPrefix("not permitted: wants a certificate"), "\(without)")
            let own = try folder.makeClient(named: "anna")
            let shown = ServerTLS(
                authorityFile: folder.authorityFile, certificateFile: own.file, keyFile: own.keyFile)
            #expect(try await error(tls, NodeAccess(tls: shown)) == nil)
            try await withFolder { other in
                let foreign = try other.makeClient(named: "anna")
                let shown = ServerTLS(
                    authorityFile: folder.authorityFile, certificateFile: foreign.file, keyFile: foreign.keyFile)
                let words = reason(try await error(tls, NodeAccess(tls: shown)))
                #expect(words.hasPrefix("not permitted: does not take the certificate"), "\(words)")
            }
            let then = Date(timeIntervalSinceNow: -10 * 86_400)
            let old = try folder.makeClient(named: "bert", days: 2, now: then)
            let expired = ServerTLS(
                authorityFile: folder.authorityFile, certificateFile: old.file, keyFile: old.keyFile)
            let words = reason(try await error(tls, NodeAccess(tls: expired)))
            #expect(words.hasPrefix("not permitted: does not take the certificate"), "\(words)")
            #expect(words.contains("it has expired"), "\(words)")
        }
    }

    /// Less than the time that a connection has for opening, and far more.
    private static let patience: [UInt64] = [1_600, 600_000]

    @Test(arguments: patience)
    func `a node that does not answer the handshake is told as such, however long it is waited for`(
        _ milliseconds: UInt64
    ) async throws {
        try await withFolder { folder in
            try await RawServer.with([]) { server in
                let error = try await NodeTransport.with(access: trusting(folder)) { transport in
                    await #expect(throws: TransportError.self) {
                        _ = try await transport.send(.GET, "/", to: server.address, timeoutMilliseconds: milliseconds)
                    }
                }
                #expect(reason(error).hasPrefix("not secure: takes connections"))
            }
        }
    }

    /// As of a machine whose link is down: nothing is known of its TLS.
    @Test(arguments: patience)
    func `a node that takes no connection does not answer, however long it is waited for`(
        _ milliseconds: UInt64
    ) async throws {
        try await withFolder { folder in
            let port = try FullPort()
            try await NodeTransport.with(access: trusting(folder)) { transport in
                // What comes second waits for a connection that began to open for the first.
                for _ in 0..<3 {
                    let error = await #expect(throws: TransportError.self) {
                        _ = try await transport.send(.GET, "/", to: port.address, timeoutMilliseconds: milliseconds)
                    }
                    #expect(error == .cannotConnect("no answer"))
                }
            }
            withExtendedLifetime(port) {}
        }
    }

    @Test func `files that are of no use are named`() async throws {
        await #expect(throws: TLSFileTrouble.self) {
            try await NodeTransport.with(access: NodeAccess(tls: ServerTLS(authorityFile: "/nowhere/ca.pem"))) { _ in }
        }
    }

    @Test func `the token is shown to the node and to nobody else`() async throws {
        let token = try #require(Token("sn_hidden"))
        try await RawServer.with([.write("HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n")]) { server in
            try await NodeTransport.with(access: NodeAccess(token: token)) { transport in
                let client = ClusterClient(nodes: [server.address], transport: transport)
                do throws(ClientError) {
                    _ = try await client.get("k")
                    Issue.record("it was answered")
                } catch {
                    guard case .notPermitted = error else { throw error }
                    #expect(!"\(error) \(String(reflecting: error))".contains("hidden"))
                }
            }
            #expect(server.heard.lowercased().contains("authorization: bearer sn_hidden\r\n"))
        }
    }
}
