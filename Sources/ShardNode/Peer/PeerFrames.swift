import HostSystem
import NIOCore
import ShardCore
import ShardWire

/// Why a link's bytes are not messages.
enum PeerFrameError: TellingError {
    case tooLong(bytes: Int)
    case malformed(String)

    var description: String {
        switch self {
        case .tooLong(let bytes): "a frame of \(bytes) bytes is longer than the \(PeerFrames.bytesMax) allowed"
        case .malformed(let reason): "a frame does not decode: \(reason)"
        }
    }
}

enum PeerFrames {
    static let bytesMax = MessageCodec.frameBytesMax

    static func write(_ envelope: Envelope, to buffer: inout ByteBuffer) {
        var bytes: [UInt8] = []
        MessageCodec.encode(envelope, into: &bytes)
        buffer.writeBytes(bytes)
    }
}

/// Cuts the frames of ``MessageCodec`` out of a link's bytes.
struct PeerFrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = Envelope

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self).map(Int.init) else {
            return .needMoreData
        }
        guard length <= PeerFrames.bytesMax else { throw PeerFrameError.tooLong(bytes: length) }
        guard buffer.readableBytes >= MessageCodec.lengthBytes + length else { return .needMoreData }
        buffer.moveReaderIndex(forwardBy: MessageCodec.lengthBytes)
        let bytes = buffer.readBytes(length: length) ?? []
        let envelope: Envelope
        do throws(MessageFormatError) {
            envelope = try MessageCodec.decode(bytes[...])
        } catch {
            throw PeerFrameError.malformed(error.description)
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
