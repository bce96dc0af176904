import NIOCore
import NIOHTTP1

/// The refusal of a request before its body is read; the connection ends with the answer.
struct HeadRefusal: Error {
    let status: Int
    let error: String

    init(_ status: Int, _ error: String) {
        self.status = status
        self.error = error
    }

    /// The refusal for a decoder's error; nil for an error of the connection, which is no matter of the client's.
    init?(_ error: any Error) {
        switch error {
        case let error as HTTPParserError: self.init(error)
        case let error as OtherProtocol: self.init(error)
        case is ByteToMessageDecoderError:
            self.init(431, "The request's headers are longer than \(HTTPLimits.headBytesMax) bytes")
        default: return nil
        }
    }

    private init(_ error: OtherProtocol) {
        switch error {
        case .tls: self.init(400, "This port speaks plain HTTP/1.1, and a TLS handshake came; ask with http://")
        case .unknownMethod: self.init(501, "The request's method is not known here; use GET, PUT or DELETE")
        case .noVersion: self.init(400, "The first line does not end in HTTP/1.1")
        case .longTarget:
            self.init(414, "The request's target is longer than \(HTTPLimits.targetBytesMax) bytes")
        }
    }

    private init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow:
            self.init(
                431,
                "The request has more than \(HTTPLimits.headerFieldsMax) headers, or more than "
                    + "\(HTTPLimits.headBytesMax) bytes of them")
        case .invalidEOFState: self.init(400, "The request was cut short")
        case .invalidVersion, .paused: self.init(505, "This port speaks HTTP/1.1 and HTTP/1.0 only")
        case .invalidMethod: self.init(400, "What came is no HTTP request")
        case .invalidURL: self.init(400, "The request's target is not valid")
        case .invalidHeaderToken: self.init(400, "A header of the request is not valid")
        case .invalidContentLength: self.init(400, "The request's Content-Length is no number that can be meant")
        case .unexpectedContentLength:
            self.init(400, "The request says in two ways where its body ends: Content-Length and Transfer-Encoding")
        case .invalidChunkSize: self.init(400, "The size of a chunk is no number that can be meant")
        case .closedConnection: self.init(400, "Something follows a request that was to be the last")
        case .lfExpected: self.init(400, "A line of the request does not end in CR and LF")
        default: self.init(400, "The request is not valid HTTP/1.1")
        }
    }
}
