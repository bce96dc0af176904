import NIOCore
import Testing

@testable import ShardNode

@Suite(.timeLimit(.minutes(10))) struct HTTPResponseTests {
    @Test(arguments: [200, 201, 400, 404, 405, 408, 409, 413, 414, 426, 431, 500, 501, 503, 505, 507])
    func everyStatusIsWrittenAsItIs(_ status: Int) {
        var bytes = ByteBuffer()
        bytes.writeResponse(HTTPResponse(status: status, error: "why"), connection: .implied)
        let text = String(buffer: bytes)
        #expect(text.hasPrefix("HTTP/1.1 \(status) ") && text.hasSuffix("\r\n\r\n{\"error\":\"why\"}"))
        #expect(text.split(separator: "\r\n")[0].split(separator: " ").count >= 3, "with a reason")
    }

    @Test(arguments: [0, 9, 10, 99, 100, 1_023, 10_000, 9_999_999])
    func theBodysLengthIsWritten(_ length: Int) {
        var bytes = ByteBuffer()
        let body = Array(repeating: UInt8(0x20), count: length)
        bytes.writeResponse(HTTPResponse(status: 200, body: body), connection: .implied)
        let head = String(buffer: bytes.readSlice(length: bytes.readableBytes - length) ?? ByteBuffer())
        #expect(head.hasSuffix("\r\nContent-Length: \(length)\r\n\r\n"))
    }
}
