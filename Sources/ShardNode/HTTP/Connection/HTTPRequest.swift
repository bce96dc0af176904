import NIOCore
import NIOHTTP1

/// What is left of a request once its head was looked at. It is handed on often, so it has few parts.
struct HTTPRequest {
    enum Upgrade {
        case none, other
        /// Where peers are let in, to their protocol or to one that is not theirs.
        case peers, notPeers
    }

    /// `HEAD` is `GET` here; see ``isHead``.
    let method: HTTPMethod
    /// True where the answer goes without its body.
    let isHead: Bool
    let isKeepAlive: Bool
    let isVersion10: Bool
    let upgrade: Upgrade
    /// The path and query.
    let uri: String
    private(set) var body: ByteBuffer?

    init(_ head: RequestHead) {
        method = head.method
        isHead = head.isHead
        isKeepAlive = head.isKeepAlive
        isVersion10 = head.isVersion10
        uri = head.uri
        upgrade =
            switch head.upgrade {
            case nil: .none
            case let name?: !head.isForPeers ? .other : name == PeerProtocol.name ? .peers : .notPeers
            }
    }

    var bodyBytes: Int { body?.readableBytes ?? 0 }

    mutating func append(_ chunk: ByteBuffer) {
        if body == nil { body = chunk } else { body?.writeImmutableBuffer(chunk) }
    }

    /// True where `bytes` are more than can be meant to carry the body in chunks: what comes beside it is not kept, but
    /// read for nothing all the same.
    func isWasteful(readBytes bytes: UInt64) -> Bool {
        bytes > bodyBytes * HTTPLimits.chunkOverheadMax + HTTPLimits.chunkSlackBytes
    }
}
