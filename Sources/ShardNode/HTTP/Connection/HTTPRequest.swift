import NIOCore
import NIOHTTP1

/// The parts of a request that are needed once its head was checked: few, since it is handed on often.
struct HTTPRequest {
    enum Upgrade {
        case none, other
        /// An upgrade on the path of peers, to their protocol or to another one.
        case peers, notPeers
    }

    /// `HEAD` is `GET` here; see ``isHead``.
    let method: HTTPMethod
    /// True if the answer goes without its body.
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

    /// True if `bytes` are more than carrying the body in chunks can need: the excess is not kept, but costs reading
    /// all the same.
    func isWasteful(readBytes bytes: UInt64) -> Bool {
        bytes > bodyBytes * HTTPLimits.chunkOverheadMax + HTTPLimits.chunkSlackBytes
    }
}
