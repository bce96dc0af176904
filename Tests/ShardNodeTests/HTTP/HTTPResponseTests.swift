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
}
