import NIOCore

/// The parts of a request that are needed once its head was checked: few, since it is handed on often.
struct HTTPRequest {
    enum Upgrade {
        case none, other
        /// An upgrade on the path of peers, to their protocol or to another one.
        case peers, notPeers
    }

    /// `HEAD` is `GET` here; see ``isHead``.
    let method: String
    /// True if the answer goes without its body.
    let isHead: Bool
    let isKeepAlive: Bool
    let isVersion10: Bool
    let upgrade: Upgrade
    /// The path and query.
    let uri: String
    private(set) var body: ByteBuffer?

    init(_ head: borrowing RequestHead) {
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
}

/// A request whose body is still coming.
struct IncomingRequest {
    var request: HTTPRequest
    /// The bytes read from the connection before the body.
    let readBytesBefore: UInt64

    /// True if more was read from the connection than carrying the body in chunks can need: the excess is not kept, but
    /// costs reading all the same.
    ///
    /// - Parameter readBytes: the bytes read from the connection in all.
    func isWasteful(readBytes: UInt64) -> Bool {
        let bound = request.bodyBytes * HTTPLimits.chunkOverheadMax + HTTPLimits.chunkSlackBytes
        return readBytes - readBytesBefore > bound
    }
}
