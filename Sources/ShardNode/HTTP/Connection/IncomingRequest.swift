import NIOCore

/// A request as far as it has come.
struct IncomingRequest {
    let head: RequestHead
    /// What was read of the connection before the body.
    let readBytesBefore: UInt64
    private(set) var body: ByteBuffer?

    init(head: RequestHead, readBytesBefore: UInt64) {
        self.head = head
        self.readBytesBefore = readBytesBefore
    }

    var bodyBytes: Int { body?.readableBytes ?? 0 }

    mutating func append(_ chunk: ByteBuffer) {
        if body == nil { body = chunk } else { body?.writeImmutableBuffer(chunk) }
    }

    /// True where more came beside a chunked body than can be meant: it is not kept, but read for nothing all the same.
    func isWasteful(readBytes: UInt64) -> Bool {
        let bytesMax = bodyBytes * HTTPLimits.chunkOverheadMax + HTTPLimits.chunkSlackBytes
        return readBytes - readBytesBefore > bytesMax
    }
}
