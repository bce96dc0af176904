import Certificates
import ClientTLS
import Foundation

/// The files of a closed cluster on this machine, gone with it.
final class ClosedFiles: Sendable {
    private let folder: String
    private let certificate: String
    private let key: String
    private let authority: String

    init() throws {
        folder =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("shardtrial-closed-\(UUID().uuidString.prefix(8))").path
        let certificates = CertificateFolder(folder)
        _ = try certificates.makeAuthority()
        // All nodes of a trial are on one host.
        let pair = try certificates.makeNode(["127.0.0.1"])
        guard let keyFile = pair.keyFile else { throw TrialError("a pair has no key") }
        (certificate, key, authority) = (pair.file, keyFile, certificates.authorityFile)
        let text = (0..<4).map { _ in String(UInt64.random(in: 1 << 60 ... .max), radix: 16) }.joined()
        let isWritten = FileManager.default.createFile(
            atPath: "\(folder)/secret", contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw TrialError("cannot write \(folder)/secret") }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A node's, for a secret alone.
    var secretArguments: [String] { ["--cluster-secret-file", "\(folder)/secret"] }

    /// A node's, for TLS and a secret.
    var arguments: [String] {
        secretArguments + ["--tls-cert", certificate, "--tls-key", key, "--tls-ca", authority]
    }

    /// A client's.
    var tls: ServerTLS { ServerTLS(authorityFile: authority) }
}
