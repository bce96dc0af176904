import GRDB
import HostSystem
import NIOCore
import NIOPosix
import ShardWire

/// The errors of the libraries under a node, in words for its operator.
enum NodeErrors {
    static func words(_ error: any Error) -> String {
        switch error {
        case let error as DatabaseError: error.message ?? "SQLite gives no reason"
        case let error as IOError: ErrorWords.of(errno: error.errnoCode)
        case let error as NIOConnectionError: words(error)
        case let error as ChannelError: words(error)
        case is ByteToMessageDecoderError: "more came than can be kept"
        default: TLSWords.of(error) ?? error.words
        }
    }

    private static func words(_ error: NIOConnectionError) -> String {
        guard let first = error.connectionErrors.first else { return "no such host '\(error.host)'" }
        return words(first.error)
    }

    private static func words(_ error: ChannelError) -> String {
        switch error {
        case .connectTimeout: "no answer in time"
        case .eof, .alreadyClosed, .ioOnClosedChannel, .inputClosed, .outputClosed: "the connection was closed"
        default: "the connection cannot be used"
        }
    }
}
