import Foundation
import NIOSSL
import ShardCore
import X509

/// The names in a certificate.
struct CertificateNames: Sendable {
    /// Hosts among the subject's alternative names: DNS names in lower case.
    private let hosts: Set<String>
    private let addresses: Set<IPAddress>
    /// The common name of the subject; the last, if there are several.
    let commonName: String?
    let ends: Date

    /// Nil if the certificate cannot be read.
    init?(_ certificate: NIOSSLCertificate) {
        guard let bytes = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: bytes) else {
            return nil
        }
        var hosts: Set<String> = []
        var addresses: Set<IPAddress> = []
        for name in (try? parsed.extensions.subjectAlternativeNames) ?? .init() {
            switch name {
            case .dnsName(let text): hosts.insert(text.lowercased())
            case .ipAddress(let octets):
                if let address = IPAddress(octets: Array(octets.bytes)) { addresses.insert(address) }
            default: break
            }
        }
        self.hosts = hosts
        self.addresses = addresses
        ends = parsed.notValidAfter
        commonName = parsed.subject.flatMap(Array.init).last { $0.type == .RDNAttributeType.commonName }
            .flatMap { String($0.value) }
    }

    /// True if the certificate is for that host, by its address or by its very name: there are no wildcards.
    func names(host: String) -> Bool {
        if let address = IPAddress(host) { return addresses.contains(address) }
        return hosts.contains(host.lowercased())
    }
}

extension IPAddress {
    /// An address of four bytes, or of sixteen.
    init?(octets: [UInt8]) {
        switch octets.count {
        case 4: self.init(octets.map(String.init).joined(separator: "."))
        case 16:
            let groups = stride(from: 0, to: 16, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
            self.init(groups.map { String($0, radix: 16) }.joined(separator: ":"))
        default: return nil
        }
    }
}
