import Crypto
import Foundation
import HostSystem
import X509

/// A folder with an authority, and with the pairs of certificate and key that it has signed.
///
/// `ca.pem` and `ca.key` are the authority's. A pair is named after what it is for: `10.0.0.7_8081.pem` and `.key`.
/// Keys are files that only their owner may read.
public struct CertificateFolder: Sendable {
    public static let authorityDays = 3_650
    public static let days = 365
    public static let daysMax = 36_500
    /// The longest common name (RFC 5280, appendix A.1).
    static let nameCharactersMax = 64

    /// The treatment of a pair that exists already.
    public enum Renewal: Sendable {
        /// It is not touched.
        case none
        /// A new certificate for the same key: one file is replaced at once, so no reader ever sees half of a pair.
        case certificate
        case certificateAndKey
    }

    public let path: String

    public init(_ path: String) { self.path = path }

    public var authorityFile: String { path + "/ca.pem" }
    var authorityKeyFile: String { path + "/ca.key" }

    /// The name of the files of a pair.
    static func fileName(_ name: String) -> String {
        String(name.filter { $0 != "[" && $0 != "]" }.map { $0 == ":" || $0 == "/" ? "_" : $0 })
    }

    // MARK: Making

    /// Makes the folder, if there is none, and an authority in it.
    ///
    /// - Throws: ``CertificateTrouble`` if there is an authority already, or the folder is open to others.
    public func makeAuthority(
        named name: String = "shardnode authority", days: Int = Self.authorityDays, now: Date = Date()
    ) throws(CertificateTrouble) -> IssuedCertificate {
        try check(name, days)
        try prepare()
        guard !isThere(authorityFile), !isThere(authorityKeyFile) else {
            throw CertificateTrouble(
                .request,
                "'\(path)' has an authority already, and what it has signed would be worth nothing under another one: "
                    + "take another folder, or remove ca.pem and ca.key first")
        }
        let issuer = try made { try Issuer.make(named: name, days: days, now: now) }
        try write(issuer.key, to: authorityKeyFile, replaces: false)
        try write(issuer.certificate, to: authorityFile)
        return IssuedCertificate(issuer.certificate, file: authorityFile, keyFile: authorityKeyFile)
    }

    /// Makes the pair of a node.
    ///
    /// - Parameter addresses: each `host:port` or `host`; the first gives the pair its name. If a certificate is
    ///   renewed and only the first is given, it keeps the hosts that it has named.
    public func makeNode(
        _ addresses: [String], days: Int = Self.days, renewal: Renewal = .none, now: Date = Date()
    ) throws(CertificateTrouble) -> IssuedCertificate {
        var hosts: [NodeName] = []
        for address in addresses {
            guard let host = NodeName(address) else {
                throw CertificateTrouble(.request, "'\(address)' is not an address of the form host:port, or a host")
            }
            if !hosts.contains(host) { hosts.append(host) }
        }
        guard let first = addresses.first, let host = hosts.first else {
            throw CertificateTrouble(.request, "a node's certificate names at least one address")
        }
        // A host's name may have up to 253 characters; the full name is among the hosts.
        let name = first.count <= Self.nameCharactersMax ? first : String(host.description.prefix(64))
        return try makePair(named: name, hosts: hosts, days, renewal, now)
    }

    /// Makes the pair of a client, which names no host, so that it is no node's.
    public func makeClient(
        named name: String, days: Int = Self.days, renewal: Renewal = .none, now: Date = Date()
    ) throws(CertificateTrouble) -> IssuedCertificate {
        try makePair(named: name, hosts: [], days, renewal, now)
    }

    private func makePair(
        named name: String, hosts: [NodeName], _ days: Int, _ renewal: Renewal, _ now: Date
    ) throws(CertificateTrouble) -> IssuedCertificate {
        try check(name, days)
        let issuer = try authority()
        guard issuer.certificate.notValidAfter > now else {
            throw CertificateTrouble(
                .request, "the authority '\(authorityFile)' has expired; make another one in a new folder")
        }
        let base = path + "/" + Self.fileName(name)
        let (file, keyFile) = (base + ".pem", base + ".key")
        guard file != authorityFile else { throw CertificateTrouble(.request, "'ca' is the authority's own name") }
        var hosts = hosts
        let key: P256.Signing.PrivateKey
        switch renewal {
        case .none:
            guard !isThere(file), !isThere(keyFile) else {
                throw CertificateTrouble(
                    .request, "'\(name)' has a certificate already; --renew makes a new one for its key")
            }
            key = P256.Signing.PrivateKey()
        case .certificate, .certificateAndKey:
            guard isThere(file) else {
                throw CertificateTrouble(.request, "'\(name)' has no certificate that could be renewed")
            }
            let old = try certificate(file)
            guard old.servesClients == !hosts.isEmpty else {
                throw CertificateTrouble(.request, "'\(file)' is not of the kind that is to be renewed")
            }
            if hosts.count == 1 { hosts += old.hosts.filter { !hosts.contains($0) } }
            key = renewal == .certificate ? try self.key(keyFile) : P256.Signing.PrivateKey()
        }
        let issued = try made {
            try issuer.issue(named: name, hosts: hosts, publicKey: key.publicKey, days: days, now: now)
        }
        if renewal != .certificate { try write(key, to: keyFile, replaces: renewal == .certificateAndKey) }
        try write(issued, to: file)
        return IssuedCertificate(issued, file: file, keyFile: keyFile)
    }

    /// All certificates of the folder, the authority's first.
    public func list() throws(CertificateTrouble) -> [IssuedCertificate] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw CertificateTrouble(.file, "'\(path)' cannot be read: \(error.words)")
        }
        var listed: [IssuedCertificate] = []
        for name in names.sorted() where name.hasSuffix(".pem") {
            let file = path + "/" + name
            let keyFile = path + "/" + name.dropLast(4) + ".key"
            listed.append(
                IssuedCertificate(try certificate(file), file: file, keyFile: isThere(keyFile) ? keyFile : nil))
        }
        return listed.filter { $0.kind == .authority } + listed.filter { $0.kind != .authority }
    }
}
