import NIOCore
import ShardCore
import ShardWire

/// Cuts the messages out of the bytes that one node sends another.
struct FrameTap {
    let ear: @Sendable (Envelope) -> Void
    private var bytes = ByteBuffer()
    private var isPastHead = false
    /// True once the bytes turn out not to be a link of an open cluster: the rest is ignored.
    private var isLost = false

    init(ear: @escaping @Sendable (Envelope) -> Void) { self.ear = ear }

    mutating func take(_ part: ByteBuffer) {
        guard !isLost else { return }
        bytes.writeImmutableBuffer(part)
        if !isPastHead {
            guard let end = bytes.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
            bytes.moveReaderIndex(to: end.upperBound)
            isPastHead = true
        }
        while let length = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self).map(Int.init) {
            guard length <= MessageCodec.frameBytesMax else { return lose() }
            guard bytes.readableBytes >= MessageCodec.lengthBytes + length else { break }
            bytes.moveReaderIndex(forwardBy: MessageCodec.lengthBytes)
            let frame = bytes.readBytes(length: length) ?? []
            guard let envelope = try? MessageCodec.decode(frame[...]) else { return lose() }
            ear(envelope)
        }
        bytes.discardReadBytes()
    }

    private mutating func lose() {
        isLost = true
        bytes = ByteBuffer()
    }
}
