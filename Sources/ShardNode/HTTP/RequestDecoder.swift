import NIOCore
import NIOHTTP1

/// What a client began on the port that is no HTTP/1.
enum OtherProtocol: Error {
    case tls
    /// A method in the place where it belongs, but none that is known.
    case unknownMethod
    /// A first line as HTTP/0.9 had it, behind which headers would be waited for.
    case noVersion
    /// A target that is still going on where nobody writes targets any more.
    case longTarget
}

/// NIO's decoder, with an eye on what clients of other protocols send, and on how much comes that is no request.
final class RequestDecoder: ByteToMessageDecoder {
    typealias InboundOut = HTTPServerRequestPart

    /// Of a TLS record that begins a handshake (RFC 8446, section 5.1); no method begins so.
    static let handshake: UInt8 = 0x16

    private let decoder: HTTPRequestDecoder
    private var isFirst = true
    /// Bytes taken in, of all requests.
    private(set) var bytes: UInt64 = 0

    init(limits: NIOHTTPDecoderLimitConfiguration) {
        decoder = HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)
    }

    func decoderAdded(context: ChannelHandlerContext) { decoder.decoderAdded(context: context) }

    func decoderRemoved(context: ChannelHandlerContext) { decoder.decoderRemoved(context: context) }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        if isFirst, let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) {
            isFirst = false
            if first == Self.handshake { throw OtherProtocol.tls }
            if Self.hasFirstLineWithoutVersion(buffer) { throw OtherProtocol.noVersion }
        }
        let before = buffer.readableBytes
        do {
            let state = try decoder.decode(context: context, buffer: &buffer)
            bytes += UInt64(before - buffer.readableBytes)
            return state
        } catch HTTPParserError.invalidMethod where Self.beginsWithUnknownMethod(buffer) {
            throw OtherProtocol.unknownMethod
        } catch HTTPParserError.headerOverflow where Self.isWithinTarget(buffer) {
            throw OtherProtocol.longTarget
        }
    }

    func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        try decoder.decodeLast(context: context, buffer: &buffer, seenEOF: seenEOF)
    }

    /// Looks at the first line of what was not taken in: a word in capitals, a target, HTTP/1.
    private static func beginsWithUnknownMethod(_ buffer: ByteBuffer) -> Bool {
        let line = buffer.readableBytesView.prefix(1_024).drop { $0 == 0x0D || $0 == 0x0A }
            .prefix { $0 != 0x0D && $0 != 0x0A }
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, words[2].starts(with: "HTTP/1.".utf8), words[1].first == 0x2F else { return false }
        // The fault may lie in a request behind it, and then the method is one that is known.
        let method = String(decoding: words[0], as: UTF8.self)
        return words[0].allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x2D || $0 == 0x5F }
            && ["GET", "HEAD", "PUT", "DELETE"].allSatisfy { $0 != method }
    }

    private static func hasFirstLineWithoutVersion(_ buffer: ByteBuffer) -> Bool {
        let text = buffer.readableBytesView.drop { $0 == 0x0D || $0 == 0x0A }
        guard let end = text.firstIndex(of: 0x0A) else { return false }
        return text[..<end].firstRange(of: Array(" HTTP/".utf8)) == nil
    }

    private static func isWithinTarget(_ buffer: ByteBuffer) -> Bool {
        let bytes = buffer.readableBytesView.prefix(HTTPLimits.headBytesMax)
        guard !bytes.contains(0x0A) else { return false }
        return bytes.first == 0x2F || ["GET /", "PUT /", "HEAD /", "DELETE /"].contains { bytes.starts(with: $0.utf8) }
    }
}
