import Foundation
import NIOSSL

/// The reason why a TLS handshake failed, by kinds instead of the library's and the other side's own words.
public enum TLSFailure: Hashable, Sendable {
    /// The other side's certificate does not name the host that was dialled.
    case wrongHost
    /// The host that was dialled cannot be a name in TLS.
    case noHostName
    /// The other side's certificate is not signed by an authority that is trusted here.
    case untrusted
    case expired(Date)
    case notYetValid(Date)
    /// The other side wants a certificate.
    case wantsCertificate
    /// It does not take ours, or ours has expired.
    case refusesCertificate
    case refusesExpiredCertificate
    /// It ended the connection in the middle of the handshake.
    case closed
    /// It speaks plain text.
    case plainText
    case other

    /// Nil if the error has nothing to do with TLS.
    ///
    /// - Parameters:
    ///   - certificate: the other side's, if it is known.
    ///   - isOwnOffered: true if we have a certificate to show.
    public init?(_ error: any Error, certificate: NIOSSLCertificate? = nil, isOwnOffered: Bool, now: Date = Date()) {
        if let error = error as? NIOSSLExtraError {
            self = error == .failedToValidateHostname ? .wrongHost : .noHostName
            return
        }
        guard error is NIOSSLError || error is BoringSSLError else { return nil }
        // The library has words of its own; their beginning stands for the reason.
        let words = String(describing: error).uppercased()
        func says(_ parts: String...) -> Bool { parts.contains(where: words.contains) }
        if says("UNCLEANSHUTDOWN") { return nil }
        if says("EOFDURINGHANDSHAKE", "EOF DURING HANDSHAKE") {
            self = .closed
        } else if says("CERTIFICATE_VERIFY_FAILED", "UNABLETOVALIDATE") {
            self = Self.reason(certificate, now)
        } else if says("CERTIFICATE_REQUIRED") || says("HANDSHAKE_FAILURE") && !isOwnOffered {
            self = .wantsCertificate
        } else if says("CERTIFICATE_EXPIRED") {
            self = .refusesExpiredCertificate
        } else if says("UNKNOWN_CA", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN", "DECRYPT_ERROR") {
            self = .refusesCertificate
        } else if says("WRONG_VERSION_NUMBER") {
            self = .plainText
        } else {
            self = .other
        }
    }

    /// Finds the reason in the certificate, as the library says only that it does not trust it.
    private static func reason(_ certificate: NIOSSLCertificate?, _ now: Date) -> TLSFailure {
        guard let certificate else { return .untrusted }
        let ends = Date(timeIntervalSince1970: TimeInterval(certificate.notValidAfter))
        let begins = Date(timeIntervalSince1970: TimeInterval(certificate.notValidBefore))
        if ends < now { return .expired(ends) }
        return begins > now ? .notYetValid(begins) : .untrusted
    }
}

extension Date {
    /// Its day in UTC, as "2027-03-01".
    public var day: String { formatted(.iso8601.year().month().day()) }
}
