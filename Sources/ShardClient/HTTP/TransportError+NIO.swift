import HostSystem
import NIOCore
import NIOHTTP1
import NIOPosix

extension TransportError {
    /// What the system or a library says of a connection, in our words.
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
