import Foundation
import SwiftASN1
import X509

/// A certificate of a folder, as it is shown.
public struct IssuedCertificate: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable {
        case authority, node, client
    }

    public let kind: Kind
    /// The subject's common name.
    public let name: String
    /// Hosts that it stands for.
    public let hosts: [String]
    public let file: String
    /// Nil if the key is not in the folder.
    public let keyFile: String?
    public let validFrom: Date
    public let validUntil: Date

    /// Whole days from then until it ends; negative where it has ended.
    public func daysLeft(at now: Date) -> Int { Int((validUntil.timeIntervalSince(now) / 86_400).rounded(.down)) }

    init(_ certificate: Certificate, file: String, keyFile: String?) {
        name = certificate.commonName ?? ""
        hosts = certificate.hosts.map(\.description)
        self.file = file
        self.keyFile = keyFile
        validFrom = certificate.notValidBefore
        validUntil = certificate.notValidAfter
        kind = certificate.isAuthority ? .authority : certificate.servesClients ? .node : .client
    }
}

extension Certificate {
    var commonName: String? {
        for part in subject {
            for attribute in part where attribute.type == .RDNAttributeType.commonName {
                return String(describing: attribute.value)
            }
        }
        return nil
    }

    var hosts: [NodeName] { (try? extensions.subjectAlternativeNames)?.compactMap(NodeName.init) ?? [] }

    var isAuthority: Bool {
        guard case .isCertificateAuthority = try? extensions.basicConstraints else { return false }
        return true
    }

    var servesClients: Bool { (try? extensions.extendedKeyUsage)?.contains(.serverAuth) ?? false }
}
