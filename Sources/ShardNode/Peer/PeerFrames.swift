import HostSystem
import NIOCore
import ShardCore
import ShardWire

/// The reason why a link's bytes are not messages.
enum PeerFrameError: TellingError {
    case tooLong(bytes: Int)
    case malformed(String)
    case unproven
    case noRoom

    var description: String {
        switch self {
        case .tooLong(let bytes): "a frame of \(bytes) bytes is longer than the \(PeerFrames.bytesMax) allowed"
        case .malformed(let reason): "a frame does not decode: \(reason)"
        case .noRoom: "too much of unfinished frames is kept already"
        case .unproven: "it does not prove that it knows the cluster's secret; give it the same --cluster-secret-file"
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

/// The memory for incomplete frames of all links: each may be long, and anyone may open links to an open node.
final class FrameRoom {
    var bytesMax = 512 * 1024 * 1024

    var bytes = 0
    var hasRoom: Bool { bytes <= bytesMax }
}

/// Cuts the frames of ``MessageCodec`` out of a link's bytes.
struct PeerFrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = Envelope

    /// The event for the handlers behind this one that the peer has proven who it is.
    struct Proven {}

    /// The proof that the peer owes before anything of it is decoded; nil once it has given it.
    var challenge: PeerAdmission.Challenge?
    private let room: FrameRoom
    /// The bytes of an unfinished frame that the room counts for this link.
    private var kept = 0

    init(room: FrameRoom = FrameRoom()) { self.room = room }

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        if let challenge {
            guard let proof = buffer.readBytes(length: PeerProof.bytes) else { return .needMoreData }
            guard challenge.proof.isRight(proof, for: challenge.secret) || !challenge.isRequired else {
                throw PeerFrameError.unproven
            }
            self.challenge = nil
            context.fireUserInboundEventTriggered(Proven())
        }
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self).map(Int.init) else {
            return .needMoreData
        }
        guard length <= PeerFrames.bytesMax else { throw PeerFrameError.tooLong(bytes: length) }
        guard buffer.readableBytes >= MessageCodec.lengthBytes + length else {
            keep(buffer.readableBytes)
            guard room.hasRoom else { throw PeerFrameError.noRoom }
            return .needMoreData
        }
        keep(0)
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

    private mutating func keep(_ bytes: Int) {
        room.bytes += bytes - kept
        kept = bytes
    }

    mutating func decoderRemoved(context: ChannelHandlerContext) { keep(0) }

    /// Decodes the rest at the end of a link. Half a message is lost, like any other on the way.
    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        while try decode(context: context, buffer: &buffer) == .continue {}
        return .needMoreData
    }
}
