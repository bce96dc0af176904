import Foundation
import NIOSSL
import ShardCore

/// The certificate that a node shows in TLS, and the authorities that it trusts: made of its files, and replaced as a
/// whole when they change.
struct TLSIdentity: Sendable {
    /// The context for connections that others open.
    let server: NIOSSLContext
    /// The context for links to peers.
    let client: NIOSSLContext
    let ends: Date

    private static let keyBytesMax = 64 * 1024

    /// - Throws: the file at fault and what is wrong with it.
    static func read(_ files: SecurityFiles.TLS, for address: NodeAddress) throws(SecurityProblem) -> TLSIdentity {
        let chain = try certificates(files.certificate)
        let authorities = try certificates(files.authority)
        let bytes = try SecurityReading.secret(files.key, bytesMax: keyBytesMax)
        guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
            throw SecurityProblem("'\(files.key)' holds no key; it must be in PEM format, and not encrypted")
        }
        guard let names = chain.first.flatMap(CertificateNames.init) else {
            throw SecurityProblem("the certificate in '\(files.certificate)' cannot be read")
        }
        guard names.names(host: address.host) else {
            throw SecurityProblem(
                "the certificate in '\(files.certificate)' does not name \(address.host), so no peer would take it; make "
                    + "one with that among its alternative names")
        }
        guard names.ends > Date() else {
            throw SecurityProblem("the certificate in '\(files.certificate)' has ended; make a new one")
        }
        do {
            return TLSIdentity(
                server: try NIOSSLContext(configuration: serverConfiguration(chain, key, authorities)),
                client: try NIOSSLContext(configuration: clientConfiguration(chain, key, authorities)), ends: names.ends
            )
        } catch {
            throw SecurityProblem("the key in '\(files.key)' is not that of the certificate in '\(files.certificate)'")
        }
    }

    private static func serverConfiguration(
        _ chain: [NIOSSLCertificate], _ key: NIOSSLPrivateKey, _ authorities: [NIOSSLCertificate]
    ) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = .certificates(authorities)
        // Clients may come without a certificate; peers are refused without one.
        configuration.certificateVerification = .optionalVerification
        return configuration
    }

    private static func clientConfiguration(
        _ chain: [NIOSSLCertificate], _ key: NIOSSLPrivateKey, _ authorities: [NIOSSLCertificate]
    ) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = .certificates(authorities)
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        // The certificate is checked against the peer's name in the cluster, which may be dialled elsewhere.
        configuration.certificateVerification = .noHostnameVerification
        return configuration
    }

    private static func certificates(_ path: String) throws(SecurityProblem) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw SecurityProblem(
                "'\(path)' cannot be read as certificates; it must be a file in PEM format: '-----BEGIN CERTIFICATE-----'"
            )
        }
        return certificates
    }
}
