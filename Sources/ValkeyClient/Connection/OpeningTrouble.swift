import ClientTLS
import NIOCore
import NIOPosix
import NIOSSL

/// Puts what goes wrong while a connection opens into words.
enum OpeningTrouble {
    static func error(
        _ error: any Error, _ server: ServerAddress, _ login: ServerLogin, certificate: NIOSSLCertificate? = nil
    ) -> ServerError {
        if let tls = tls(error, server, login, certificate: certificate) { return tls }
        if let error = error as? NIOConnectionError {
            if error.connectionErrors.isEmpty {
                return ServerError(
                    .unreachable, at: server, "the name '\(server.host)' is not known",
                    advice: "See whether it is spelt right.")
            }
            let codes = error.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }
            return codes.first.map { unreachable($0, server) } ?? OpeningStep.connecting.error(server, within: .zero)
        }
        if let error = error as? IOError { return unreachable(error.errnoCode, server) }
        if error is ChannelError {
            return ServerError(
                .unreachable, at: server, "no connection: nobody answers there",
                advice: "See whether the host is up, and whether a firewall drops what is sent to the port.")
        }
        return ServerError(.unreachable, at: server, "no connection")
    }

    private static func unreachable(_ code: CInt, _ server: ServerAddress) -> ServerError {
        switch code {
        case ECONNREFUSED:
            ServerError(
                .unreachable, at: server, "nobody listens there (connection refused)",
                advice: "See whether the server runs, and whether the port is right.")
        case EMFILE, ENFILE:
            ServerError(
                .unreachable, at: server, "this process may open no more files",
                advice: "Allow more with 'ulimit -n'.")
        case EHOSTUNREACH, ENETUNREACH:
            ServerError(.unreachable, at: server, "there is no way to that host", advice: "See whether it is up.")
        case ECONNRESET, EPIPE: closed(server, isTLS: false)
        default: ServerError(.unreachable, at: server, "no connection (system error \(code))")
        }
    }

    /// It took the connection and ended it before it said anything that could be used.
    static func closed(_ server: ServerAddress, isTLS: Bool) -> ServerError {
        ServerError(
            .unreachable, at: server,
            isTLS ? "it ended the connection within the TLS handshake" : "it ended the connection at the first command",
            advice: isTLS
                ? "See whether it speaks TLS on this port."
                : "See whether it is starting or stopping, or expects TLS (valkeys://).")
    }

    static func lost(_ error: any Error, _ server: ServerAddress) -> ServerError {
        ServerError(.lost, at: server, "the connection broke before it answered")
    }

    /// - Returns: nil if it has nothing to do with TLS.
    static func tls(
        _ error: any Error, _ server: ServerAddress, _ login: ServerLogin, certificate: NIOSSLCertificate? = nil
    ) -> ServerError? {
        guard
            let failure = TLSFailure(error, certificate: certificate, isOwnOffered: login.tls?.keyFile != nil)
        else { return nil }
        func wrong(_ what: String, _ advice: String = "") -> ServerError {
            ServerError(.wrongProtocol, at: server, what, advice: advice)
        }
        switch failure {
        case .wrongHost:
            return wrong(
                "its certificate is not for '\(login.tls?.serverName ?? server.host)'",
                "Give the name that the certificate has as the server name.")
        case .noHostName: return wrong("'\(server.host)' cannot be a name in TLS")
        case .closed: return closed(server, isTLS: true)
        case .untrusted:
            return wrong(
                "its certificate is not signed by an authority that is trusted here",
                "Give the file of the authority's certificate (CA).")
        case .expired(let date): return wrong("its certificate has expired on \(date.day)", "Have it renewed.")
        case .notYetValid(let date):
            return wrong("its certificate is not valid before \(date.day)", "See whether both clocks are right.")
        case .wantsCertificate:
            return ServerError(
                .notPermitted, at: server, "it wants a certificate of its clients",
                advice: "Give your certificate and its key.")
        case .refusesCertificate, .refusesExpiredCertificate:
            return ServerError(
                .notPermitted, at: server, "it does not take the certificate that was given",
                advice: "Give one that is signed by an authority the server trusts, and has not expired.")
        case .plainText: return ForeignAnswer.plainText(at: server)
        case .other:
            return wrong(
                "no TLS handshake came about", "See whether it speaks TLS on this port, in version 1.2 or 1.3.")
        }
    }
}
