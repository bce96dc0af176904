import NIOCore

/// The bytes of requests, as a client would send them.
enum Requests {
    /// A value of 20 bytes of JSON.
    static let value = #""18 bytes of a value""#

    static func get(_ key: String, context: String? = nil) -> ByteBuffer {
        bytes("GET", "/kvs/\(key)", context.map { #"{"causal-metadata":"\#($0)"}"# })
    }

    static func put(_ key: String, context: String? = nil) -> ByteBuffer {
        let metadata = context.map { #","causal-metadata":"\#($0)""# } ?? ""
        return bytes("PUT", "/kvs/\(key)", #"{"value":\#(value)\#(metadata)}"#)
    }

    static func bytes(_ method: String, _ path: String, _ body: String?) -> ByteBuffer {
        let length = body.map { "Content-Type: application/json\r\nContent-Length: \($0.utf8.count)\r\n" } ?? ""
        return ByteBuffer(string: "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(length)\r\n\(body ?? "")")
    }

    /// 16 bytes long.
    static func key(_ number: Int) -> String {
        let digits = String(number)
        return "key-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }

    static func single(_ requests: [ByteBuffer]) -> [LoadGenerator.Item] {
        requests.map { LoadGenerator.Item(bytes: $0, answers: 1) }
    }

    /// Several requests in one, each right behind the other.
    static func pipelined(_ requests: [ByteBuffer], depth: Int) -> [LoadGenerator.Item] {
        stride(from: 0, to: requests.count, by: depth).map { start in
            let part = requests[start..<min(start + depth, requests.count)]
            var bytes = ByteBuffer()
            for request in part { bytes.writeImmutableBuffer(request) }
            return LoadGenerator.Item(bytes: bytes, answers: part.count)
        }
    }
}
