import Crypto
import Foundation
import X509

/// An authority that signs whatever a test wants: certificates that have ended, that name others, or nobody.
public struct PaperAuthority: Sendable {
    public struct Pair: Sendable {
        public let certificate: String
        public let key: String
    }

    private let name: DistinguishedName
    private let key: Certificate.PrivateKey
    /// Its own certificate, as PEM.
    public let certificate: String

    public init(_ name: String = "paper authority") throws {
        let signingKey = P256.Signing.PrivateKey()
        key = Certificate.PrivateKey(signingKey)
        self.name = try DistinguishedName { CommonName(name) }
        let now = Date()
        let own = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now - 3_600, notValidAfter: now + 7 * 86_400, issuer: self.name, subject: self.name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            },
            issuerPrivateKey: key)
        certificate = try own.serializeAsPEM().pemString
    }

    /// - Parameters:
    ///   - hosts: DNS names.
    ///   - addresses: IPv4 addresses.
    ///   - seconds: until it ends; negative for one that has.
    public func pair(
        _ commonName: String, hosts: [String] = [], addresses: [String] = [], endsIn seconds: Double = 86_400
    ) throws -> Pair {
        let pairKey = P256.Signing.PrivateKey()
        let now = Date()
        let names =
            hosts.map { GeneralName.dnsName($0) }
            + addresses.map { text in
                GeneralName.ipAddress(
                    .init(contentBytes: ArraySlice(text.split(separator: ".").compactMap { UInt8($0) })))
            }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(pairKey.publicKey), notValidBefore: now - 7_200,
            notValidAfter: now + seconds, issuer: name, subject: try DistinguishedName { CommonName(commonName) },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                SubjectAlternativeNames(names)
            },
            issuerPrivateKey: key)
        return Pair(certificate: try certificate.serializeAsPEM().pemString, key: pairKey.pemRepresentation)
    }
}

/// A folder of files for a test, gone with it.
public final class PaperFolder: Sendable {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("paper-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file as a whole, in place of what was there, and tells its path.
    @discardableResult
    public func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let (file, temporary) = ("\(path)/\(name)", "\(path)/.\(name).new")
        try Data(text.utf8).write(to: URL(fileURLWithPath: temporary))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: temporary)
        guard rename(temporary, file) == 0 else { throw CocoaError(.fileWriteUnknown) }
        return file
    }
}
