import NIOCore
import NIOHTTP1

/// The bounds on what a client may send, and how long it may take.
struct HTTPLimits {
    /// The bytes that a body may hold besides the value: the context that a client carries, and JSON around it.
    static let bodySlackBytes = 1024 * 1024
    /// Head and URI of a request, in bytes; the trailers of a chunked body as much again.
    static let headBytesMax = 64 * 1024
    /// Path and query: those of the longest key, percent-encoded, and more.
    static let targetBytesMax = 16 * 1024
    /// The bytes that a chunked body may take for each of its own: a chunk of one byte takes six, and some chunks may
    /// carry extensions.
    static let chunkOverheadMax = 16
    static let chunkSlackBytes = 256 * 1024
    static let headerFieldsMax = 100
    /// The number of requests of one connection that may wait for answers before it is no longer read.
    static let pipelineMax = 64

    var bodyBytesMax: Int
    /// The time for a new connection's first request, and for every request from its first to its last byte.
    var requestTime = TimeAmount.seconds(30)
    var idleTime = TimeAmount.minutes(5)
    /// The idle time while connections are scarce.
    var crowdedIdleTime = TimeAmount.seconds(10)
    /// The time for a client that is told to go to read the reason.
    var lingerTime = TimeAmount.seconds(2)
    /// The time after which a client that reads nothing of what it asked for is given up.
    var stallTime = TimeAmount.seconds(60)

    init(valueBytesMax: Int) { bodyBytesMax = valueBytesMax + Self.bodySlackBytes }

    static func makeDecoder() -> RequestDecoder {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headBytesMax
        limits.maxHeaderListSize = headBytesMax
        limits.maxHeaderFieldCount = headerFieldsMax
        return RequestDecoder(limits: limits)
    }
}
