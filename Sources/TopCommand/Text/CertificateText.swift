import Certificates
import Foundation

/// The words and the JSON for certificates.
enum CertificateText {
    /// The number of days left from which on the user is told to renew.
    private static let soonDays = 30

    /// A certificate as JSON.
    struct Line: Encodable {
        let kind: IssuedCertificate.Kind
        let name: String
        let hosts: [String]
        let file: String
        let keyFile: String?
        let validFrom: String
        let validUntil: String
        let daysLeft: Int

        init(_ certificate: IssuedCertificate, now: Date) {
            kind = certificate.kind
            name = certificate.name
            hosts = certificate.hosts
            file = certificate.file
            keyFile = certificate.keyFile
            validFrom = certificate.validFrom.formatted(.iso8601)
            validUntil = certificate.validUntil.formatted(.iso8601)
            daysLeft = certificate.daysLeft(at: now)
        }
    }

    /// Prints the files, names and end of a certificate that was just made.
    static func tell(_ certificate: IssuedCertificate) {
        Output.line("certificate: \(certificate.file)")
        if let keyFile = certificate.keyFile { Output.line("key:         \(keyFile)") }
        if !certificate.hosts.isEmpty { Output.line("names:       \(certificate.hosts.joined(separator: ", "))") }
        Output.line("valid until: \(day(certificate.validUntil))")
    }

    static func table(_ certificates: [IssuedCertificate], now: Date) -> [String] {
        let width = (certificates.map(\.name.count).max() ?? 0) + 2
        return certificates.map { certificate in
            let hosts = certificate.hosts.isEmpty ? "" : "  for \(certificate.hosts.joined(separator: ", "))"
            return Words.padded(certificate.kind.rawValue, 11) + Words.padded(certificate.name, width)
                + "until \(day(certificate.validUntil)), \(left(certificate, now: now))\(hosts)"
        }
    }

    private static func left(_ certificate: IssuedCertificate, now: Date) -> String {
        guard certificate.validUntil > now else { return "EXPIRED" }
        let days = certificate.daysLeft(at: now)
        let advice = certificate.kind == .authority ? "make another one in time" : "renew it with --renew"
        return "\(Words.plural(days, "day")) left" + (days < soonDays ? ": \(advice)" : "")
    }

    private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}
