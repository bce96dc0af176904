import NIOCore
import ShardCore
import ShardWire

/// Why a link's bytes are not messages.
enum PeerFrameError: Error, CustomStringConvertible {
    case tooLong(bytes: Int)
    case malformed(String)

    var description: String {
        switch self {
        case .tooLong(let bytes): "a frame of \(bytes) bytes is longer than the \(PeerFrames.bytesMax) allowed"
        case .malformed(let reason): "a frame does not decode: \(reason)"
        }
    }
}

/// Messages on a link: each is its length in four bytes, big-endian, then its encoding.
enum PeerFrames {
    /// The longest frame: room for the longest value that a node can be set up for, and for a batch beside it.
    static let bytesMax = 512 * 1024 * 1024

    static func write(_ envelope: Envelope, to buffer: inout ByteBuffer) {
        let bytes = MessageCodec.encode(envelope)
        buffer.writeInteger(UInt32(bytes.count))
        buffer.writeBytes(bytes)
    }
}

struct PeerFrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = Envelope

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self).map(Int.init) else {
            return .needMoreData
        }
        guard length <= PeerFrames.bytesMax else { throw PeerFrameError.tooLong(bytes: length) }
        guard buffer.readableBytes >= 4 + length else { return .needMoreData }
        buffer.moveReaderIndex(forwardBy: 4)
        let bytes = buffer.readBytes(length: length) ?? []
        let envelope: Envelope
        do {
            envelope = try MessageCodec.decode(bytes)
        } catch {
            throw PeerFrameError.malformed("\(error)")
        }
        context.fireChannelRead(wrapInboundOut(envelope))
        return .continue
    }

    /// What is left at the end of a link is half a message: lost, like any other on the way.
    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        while try decode(context: context, buffer: &buffer) == .continue {}
        return .needMoreData
    }
}
