import NIOCore
import NIOHTTP1
import ShardWire

/// An answer, ready to be written.
struct HTTPResponse {
    enum ContentType {
        case json, prometheus, lines
    }

    var status: Int
    var body: [UInt8]
    var contentType = ContentType.json
    /// False for the head of a stream, whose length is not known.
    var hasLength = true
    /// The methods allowed there, for an answer of 405.
    var allow = "GET, HEAD, PUT, DELETE"

    init(status: Int, body: [UInt8], contentType: ContentType = .json) {
        self.status = status
        self.body = body
        self.contentType = contentType
    }

    /// `{"error":…}`
    init(status: Int, error: String) { self.init(status: status, body: APIError(status, error).body) }

    /// The answer's `Connection` header, which says whether the connection goes on.
    enum ConnectionHeader {
        /// HTTP/1.1 keeps it without a word.
        case implied
        /// HTTP/1.0 keeps it only if told so.
        case keepAlive
        case close
    }

    fileprivate static func statusLine(_ status: Int) -> StaticString? {
        switch status {
        case 200: "HTTP/1.1 200 OK\r\n"
        case 201: "HTTP/1.1 201 Created\r\n"
        case 400: "HTTP/1.1 400 Bad Request\r\n"
        case 401: "HTTP/1.1 401 Unauthorized\r\n"
        case 403: "HTTP/1.1 403 Forbidden\r\n"
        case 404: "HTTP/1.1 404 Not Found\r\n"
        case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
        case 408: "HTTP/1.1 408 Request Timeout\r\n"
        case 409: "HTTP/1.1 409 Conflict\r\n"
        case 413: "HTTP/1.1 413 Content Too Large\r\n"
        case 414: "HTTP/1.1 414 URI Too Long\r\n"
        case 417: "HTTP/1.1 417 Expectation Failed\r\n"
        case 421: "HTTP/1.1 421 Misdirected Request\r\n"
        case 426: "HTTP/1.1 426 Upgrade Required\r\n"
        case 429: "HTTP/1.1 429 Too Many Requests\r\n"
        case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        case 503: "HTTP/1.1 503 Service Unavailable\r\n"
        case 505: "HTTP/1.1 505 HTTP Version Not Supported\r\n"
        default: nil
        }
    }
}

extension ByteBuffer {
    /// The most bytes that a whole head takes.
    private static let headBytesMax = 512

    /// Appends head and body; if `isHead`, the head alone, as it would be with the body.
    mutating func writeResponse(
        _ response: HTTPResponse, connection: HTTPResponse.ConnectionHeader, isHead: Bool = false
    ) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: Self.headBytesMax + response.body.count) { bytes in
            var writer = RawWriter(bytes)
            writer.head(response.status, response.contentType, connection)
            if response.status == 401 { writer.text("WWW-Authenticate: Bearer\r\n") }
            if response.status == 405 {
                writer.string("Allow: \(response.allow)\r\n")
            }
            if response.hasLength {
                writer.text("Content-Length: ")
                writer.number(response.body.count)
                writer.text("\r\n")
            }
            writer.text("\r\n")
            if !isHead { response.body.withUnsafeBytes { writer.bytes($0) } }
            return writer.count
        }
    }

    /// Appends the status line and all headers but the body's length, without the blank line.
    mutating func writeHead(
        status: Int, contentType: HTTPResponse.ContentType, connection: HTTPResponse.ConnectionHeader
    ) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: Self.headBytesMax) { bytes in
            var writer = RawWriter(bytes)
            writer.head(status, contentType, connection)
            return writer.count
        }
    }
}

/// Writes into memory that has room for all of it: a buffer that grew with every part would cost more than the parts.
private struct RawWriter {
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    mutating func bytes(_ part: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: part)
        count += part.count
    }

    mutating func text(_ part: StaticString) {
        bytes(UnsafeRawBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount))
    }

    mutating func string(_ part: String) {
        var part = part
        part.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
    }

    /// - Parameter value: not negative.
    mutating func number(_ value: Int) {
        var unit = 1
        while unit <= value / 10 { unit *= 10 }
        while unit > 0 {
            memory[count] = 0x30 + UInt8(value / unit % 10)
            count += 1
            unit /= 10
        }
    }

    mutating func head(
        _ status: Int, _ contentType: HTTPResponse.ContentType, _ connection: HTTPResponse.ConnectionHeader
    ) {
        if let line = HTTPResponse.statusLine(status) {
            text(line)
        } else {
            string("HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n")
        }
        switch contentType {
        case .json: text("Content-Type: application/json\r\n")
        case .prometheus: text("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
        case .lines: text("Content-Type: application/x-ndjson\r\n")
        }
        switch connection {
        case .implied: break
        case .keepAlive: text("Connection: keep-alive\r\n")
        case .close: text("Connection: close\r\n")
        }
    }
}
