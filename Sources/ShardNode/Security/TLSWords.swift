import ClientTLS
import Foundation
import NIOSSL

/// The reasons why TLS refused a node's connection, in words for its operator.
enum TLSWords {
    /// Nil for an error that has nothing to do with TLS.
    static func of(_ error: any Error) -> String? {
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return "the connection was cut off" }
        guard let failure = TLSFailure(error, isOwnOffered: true) else { return nil }
        return switch failure {
        case .wrongHost, .noHostName: "its certificate names another host"
        case .untrusted: "its certificate is of no authority that is trusted here, or has ended"
        case .expired(let end): "its certificate ended on \(end.day)"
        case .notYetValid(let begin): "its certificate begins on \(begin.day)"
        case .wantsCertificate: "it wants a certificate"
        case .refusesCertificate: "it does not take this node's certificate"
        case .refusesExpiredCertificate: "it does not take this node's certificate, which has ended"
        case .closed: "the connection was closed within the TLS handshake"
        case .plainText: "it speaks no TLS"
        case .other: "no TLS handshake came about"
        }
    }

    /// True if the other end speaks no TLS.
    static func saysPlain(_ error: any Error) -> Bool { TLSFailure(error, isOwnOffered: true) == .plainText }
}
