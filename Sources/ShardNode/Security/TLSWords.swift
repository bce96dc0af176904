import ClientTLS
import Foundation
import NIOSSL

/// The reasons why TLS refused a node's connection, and what to do, in words for its operator.
enum TLSWords {
    /// Nil for an error that has nothing to do with TLS.
    ///
    /// - Parameter certificate: the other side's, if it is known.
    static func of(_ error: any Error, certificate: NIOSSLCertificate? = nil) -> String? {
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return "the connection was cut off" }
        guard let failure = TLSFailure(error, certificate: certificate, isOwnOffered: true) else { return nil }
        return switch failure {
        case .wrongHost, .noHostName:
            "its certificate names another host; make it one that names the host by which it is dialled"
        case .untrusted:
            "its certificate is of no authority that is trusted here; make it one with the cluster's authority "
                + "('shardtop certs'), or give this node the right --tls-ca"
        case .expired(let end): "its certificate ended on \(end.day); renew it ('shardtop certs node --renew')"
        case .notYetValid(let begin):
            "its certificate begins on \(begin.day); see whether the clocks of both are right"
        case .wantsCertificate: "it wants a certificate; start this node with \(flags)"
        case .refusesCertificate:
            "it does not take this node's certificate; give it the authority of that by --tls-ca, or make this node one "
                + "with the authority that it trusts ('shardtop certs node')"
        case .refusesExpiredCertificate:
            "it does not take this node's certificate, which has ended; renew it ('shardtop certs node --renew')"
        case .closed: "the connection was closed within the TLS handshake; see whether it speaks TLS"
        case .plainText: "it speaks no TLS; start it with \(flags)"
        case .other: "no TLS handshake came about; TLS 1.2 and 1.3 are spoken here"
        }
    }

    /// What a node is started with so that it speaks TLS.
    static let flags = "--tls-cert, --tls-key and --tls-ca"

    /// True if the other end speaks no TLS.
    static func saysPlain(_ error: any Error) -> Bool { TLSFailure(error, isOwnOffered: true) == .plainText }
}
