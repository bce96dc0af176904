import Crypto
import Foundation
import SwiftASN1
import X509

/// Makes certificates: of an authority for itself, and of the authority for others. Keys are of the curve P-256.
struct Issuer {
    /// Clocks of a cluster's machines may differ by so much without a new certificate being refused.
    private static let clockSlackSeconds: TimeInterval = 3_600

    let certificate: Certificate
    let key: P256.Signing.PrivateKey

    /// A new authority, which signs for nodes and clients and for no other authority.
    static func make(named name: String, days: Int, now: Date) throws -> Issuer {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(name) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: now - clockSlackSeconds, notValidAfter: now + TimeInterval(days) * 86_400,
            issuer: subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: .init(key.publicKey))
            },
            issuerPrivateKey: .init(key))
        return Issuer(certificate: certificate, key: key)
    }

    /// - Parameters:
    ///   - hosts: those that a node is reached at; none for a client.
    ///   - publicKey: of whom it is made for.
    /// - Returns: one that ends with the authority's at the latest.
    func issue(
        named name: String, hosts: [NodeName], publicKey: P256.Signing.PublicKey, days: Int, now: Date
    ) throws -> Certificate {
        let isNode = !hosts.isEmpty
        return try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(publicKey),
            notValidBefore: max(now - Self.clockSlackSeconds, certificate.notValidBefore),
            notValidAfter: min(now + TimeInterval(days) * 86_400, certificate.notValidAfter),
            issuer: certificate.subject, subject: try DistinguishedName { CommonName(name) },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                // A node dials its peers too.
                try ExtendedKeyUsage(isNode ? [.serverAuth, .clientAuth] : [.clientAuth])
                if isNode { SubjectAlternativeNames(hosts.map(\.generalName)) }
                SubjectKeyIdentifier(hash: .init(publicKey))
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier)
            },
            issuerPrivateKey: .init(key))
    }
}
