import NIOCore
import NIOHTTP1

/// An input on the port that is not HTTP/1.
enum OtherProtocol: Error {
    case tls
    /// An unknown word where the method belongs.
    case unknownMethod
    /// A first line without a version, as in HTTP/0.9, after which the decoder would wait for headers.
    case noVersion
    /// A target longer than anybody writes one.
    case longTarget
}

/// NIO's decoder, which also recognizes the input of other protocols, and counts the bytes that it takes in.
final class RequestDecoder: ByteToMessageDecoder {
    typealias InboundOut = HTTPServerRequestPart

    /// The first byte of a TLS record that begins a handshake (RFC 8446, section 5.1); no HTTP method begins with it.
    static let handshake: UInt8 = 0x16

    private let decoder: HTTPRequestDecoder
    private var isFirst = true
    /// The bytes taken in, of all requests.
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

    /// Looks at the first line of the input that was not taken in: a word in capitals, a target, HTTP/1.
    private static func beginsWithUnknownMethod(_ buffer: ByteBuffer) -> Bool {
        let line = buffer.readableBytesView.prefix(1_024).drop { $0 == 0x0D || $0 == 0x0A }
            .prefix { $0 != 0x0D && $0 != 0x0A }
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, words[2].starts(with: "HTTP/1.".utf8), words[1].first == 0x2F else { return false }
        // The fault may lie in a later request, and then the method is a known one.
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
