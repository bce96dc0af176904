import ClientTLS
import ShardClient
import ValkeyClient

extension ClientError: EndingError {
    var status: ExitStatus {
        switch self {
        // A node that took a request and fell silent gives no answer either.
        case .nobodyAnswers, .outcomeUnknown: .unavailable
        case .tryAgainLater: .tryAgainLater
        case .notThisAPI, .noSecureConnection: .otherProtocol
        case .notPermitted: .notPermitted
        case .refused, .notSupported, .changeEnded, .planOutdated: .failed
        }
    }
}

extension ServerError: EndingError {
    var status: ExitStatus {
        switch kind {
        case .unreachable, .silent, .lost: .unavailable
        case .wrongProtocol, .notACluster, .broken: .otherProtocol
        case .notPermitted: .notPermitted
        case .notNow: .tryAgainLater
        case .refused, .cancelled: .failed
        }
    }
}

extension TLSFileTrouble: EndingError {
    var status: ExitStatus { .fileTrouble }
}

extension ServerURL.Refusal: EndingError {
    var status: ExitStatus { .usage }
}
