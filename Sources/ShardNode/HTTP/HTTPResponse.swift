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

    init(status: Int, body: [UInt8], contentType: ContentType = .json) {
        self.status = status
        self.body = body
        self.contentType = contentType
    }

    /// `{"error":…}`; the text must be plain ASCII without quotes or backslashes.
    init(status: Int, error: String) {
        self.init(status: status, body: Array("{\"error\":\"\(error)\"}".utf8))
    }

    /// Head and body in one buffer.
    func serialized(allocator: ByteBufferAllocator, connection: ConnectionHeader) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: 160 + body.count)
        Self.writeHead(status: status, contentType: contentType, connection: connection, to: &buffer)
        buffer.writeStaticString("Content-Length: ")
        buffer.writeString(String(body.count))
        buffer.writeStaticString("\r\n\r\n")
        buffer.writeBytes(body)
        return buffer
    }

    /// What the answer says about the connection's future.
    enum ConnectionHeader {
        /// HTTP/1.1 keeps it without a word.
        case implied
        /// HTTP/1.0 keeps it only if told so.
        case keepAlive
        case close
    }

    /// The status line and all headers but the body's length, without the blank line.
    static func writeHead(
        status: Int, contentType: ContentType, connection: ConnectionHeader, to buffer: inout ByteBuffer
    ) {
        if let line = statusLine(status) {
            buffer.writeStaticString(line)
        } else {
            buffer.writeString("HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n")
        }
        switch contentType {
        case .json: buffer.writeStaticString("Content-Type: application/json\r\n")
        case .prometheus: buffer.writeStaticString("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
        case .lines: buffer.writeStaticString("Content-Type: application/x-ndjson\r\n")
        }
        if status == 405 { buffer.writeStaticString("Allow: GET, PUT, DELETE\r\n") }
        switch connection {
        case .implied: break
        case .keepAlive: buffer.writeStaticString("Connection: keep-alive\r\n")
        case .close: buffer.writeStaticString("Connection: close\r\n")
        }
    }

    private static func statusLine(_ status: Int) -> StaticString? {
        switch status {
        case 200: "HTTP/1.1 200 OK\r\n"
        case 201: "HTTP/1.1 201 Created\r\n"
        case 400: "HTTP/1.1 400 Bad Request\r\n"
        case 404: "HTTP/1.1 404 Not Found\r\n"
        case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
        case 408: "HTTP/1.1 408 Request Timeout\r\n"
        case 409: "HTTP/1.1 409 Conflict\r\n"
        case 413: "HTTP/1.1 413 Content Too Large\r\n"
        case 414: "HTTP/1.1 414 URI Too Long\r\n"
        case 417: "HTTP/1.1 417 Expectation Failed\r\n"
        case 426: "HTTP/1.1 426 Upgrade Required\r\n"
        case 429: "HTTP/1.1 429 Too Many Requests\r\n"
        case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        case 503: "HTTP/1.1 503 Service Unavailable\r\n"
        case 505: "HTTP/1.1 505 HTTP Version Not Supported\r\n"
        default: nil
        }
    }
}
