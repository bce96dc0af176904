import ClientTLS
import HostSystem
import NIOCore
import NIOHTTP1
import NIOPosix

extension TransportError {
    /// Translates an error of the system or of a library.
    init(_ error: any Error) {
        switch error {
        case let error as TransportError: self = error
        case is CancellationError: self = .cancelled
        case let error as IOError where Self.isOutOfFiles(error): self = .outOfFiles
        case let error as NIOConnectionError
        where error.connectionErrors.contains(where: { Self.isOutOfFiles($0.error) }):
            self = .outOfFiles
        case let error as NIOConnectionError: self = .cannotConnect(Self.reason(error))
        case HTTPParserError.invalidEOFState: self = .closed("the connection ended in the middle of an answer")
        case is HTTPParserError, is NIOHTTPDecoderError: self = .notHTTP("what it sent is no answer of HTTP/1.1")
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .cannotConnect("connection refused")
        case let error as IOError: self = .closed(ErrorWords.of(errno: error.errnoCode))
        case ChannelError.connectTimeout: self = .cannotConnect("no answer")
        case is ChannelError: self = .closed("the connection ended")
        default: self = .cannotConnect(error.words)
        }
    }

    private static func isOutOfFiles(_ error: any Error) -> Bool {
        [EMFILE, ENFILE].contains((error as? IOError)?.errnoCode)
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
            return "no such host '\(error.host)'"
        }
        let refused = error.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
        if refused { return "connection refused" }
        guard let first = error.connectionErrors.first?.error else { return "no address of it answers" }
        return (first as? IOError).map { ErrorWords.of(errno: $0.errnoCode) } ?? "no answer"
    }
}

extension TransportError {
    /// The reason why no TLS came about: which side refused, why, and what to do.
    ///
    /// - Parameter host: the name that the node's certificate was to have.
    init(_ failure: TLSFailure, host: String) {
        switch failure {
        case .wrongHost:
            self = .noSecureConnection(
                "was refused here: its certificate does not name '\(host)'; dial it by a name that is in it, or have "
                    + "one made for '\(host)'")
        case .noHostName: self = .noSecureConnection("was not asked: '\(host)' cannot be a name in TLS")
        case .untrusted:
            self = .noSecureConnection(
                "was refused here: its certificate is not signed by an authority that is trusted; give that of the "
                    + "cluster by --tls-ca")
        case .expired(let date):
            self = .noSecureConnection(
                "was refused here: its certificate has expired on \(date.day); renew it with 'shardtop certs node "
                    + "--renew'")
        case .notYetValid(let date):
            self = .noSecureConnection(
                "was refused here: its certificate is not valid before \(date.day); see whether both clocks are right")
        case .wantsCertificate:
            self = .notPermitted("wants a certificate of its clients; give yours by --tls-cert and --tls-key")
        case .refusesCertificate:
            self = .notPermitted(
                "does not take the certificate given by --tls-cert; it must be signed by the cluster's authority")
        case .refusesExpiredCertificate:
            self = .notPermitted(
                "does not take the certificate given by --tls-cert, as it has expired; renew it with 'shardtop certs "
                    + "client --renew'")
        case .closed:
            self = .noSecureConnection("ended the connection in the TLS handshake; see whether it speaks TLS there")
        case .plainText:
            self = .noSecureConnection(
                "speaks plain text, and TLS was spoken to it; write its address without https://")
        case .other:
            self = .noSecureConnection("agrees on no TLS; version 1.2 or 1.3 is spoken here")
        }
    }
}
