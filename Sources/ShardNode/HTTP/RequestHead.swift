import NIOHTTP1
import ShardCore

/// The parts of a request's head that the connection needs, found in one pass over its headers.
///
/// It is never copied: it has many parts, and every request has one.
struct RequestHead: ~Copyable {
    enum Expectation {
        case none, proceed, unknown
    }

    /// `HEAD` is `GET` here; see ``isHead``.
    let method: String
    /// True if the answer goes without its body.
    let isHead: Bool
    /// The path and query.
    let uri: String
    let isKeepAlive: Bool
    let isVersion10: Bool
    /// The host, maybe with a port, that the client means. Nil if a client of HTTP/1.0 does not say.
    private(set) var authority: String?
    private(set) var contentLength: Int?
    private(set) var expectation = Expectation.none
    /// The protocol that the client wants to change to.
    private(set) var upgrade: String?
    /// The site of the page on whose behalf a browser asks; nil if no browser does.
    private(set) var origin: String?
    private(set) var fetchSite: String?
    /// The token with which the client shows what it may do, as its header has it.
    private(set) var authorization: String?
    /// The claims of a node that opens a peer's link.
    private(set) var hello = PeerHello()
    /// True if the request came over TLS.
    let isSecure: Bool

    /// - Throws: a refusal if two readers might understand the request in two ways (RFC 9112), or if it is none.
    static func checked(_ head: HTTPRequestHead, isSecure: Bool = false) throws(HeadRefusal) -> RequestHead {
        guard head.uri.utf8.count <= HTTPLimits.targetBytesMax else {
            throw HeadRefusal(414, "The request's target is longer than \(HTTPLimits.targetBytesMax) bytes")
        }
        let target = try RequestTarget(head.uri, method: head.method, isSecure: isSecure)
        var checked = RequestHead(head, target, isSecure: isSecure)
        try checked.read(head.headers)
        guard checked.authority != nil || checked.isVersion10 else {
            throw HeadRefusal(400, "The request has no Host; HTTP/1.1 wants one")
        }
        if checked.isVersion10 { checked.expectation = .none }
        if let named = target.authority { checked.authority = named }
        return checked
    }

    private init(_ head: HTTPRequestHead, _ target: RequestTarget, isSecure: Bool) {
        isHead = head.method == .HEAD
        method = isHead ? "GET" : head.method.rawValue
        uri = target.path
        isKeepAlive = head.isKeepAlive
        isVersion10 = head.version.minor == 0
        self.isSecure = isSecure
    }

    private mutating func read(_ headers: HTTPHeaders) throws(HeadRefusal) {
        var transferEncoding: String?
        for (name, value) in headers {
            switch name.utf8.count {
            case 4 where name.isSameHeader("host"):
                guard authority == nil else { throw HeadRefusal(400, "The request names its Host twice") }
                authority = value
            case 6 where name.isSameHeader("expect"):
                expectation = value.lowercased() == "100-continue" ? .proceed : .unknown
            case 6 where name.isSameHeader("origin"):
                // Neither of two origins can be the node's own.
                origin = origin == nil ? value : "null"
            case 7 where name.isSameHeader("upgrade"):
                upgrade = value
            case 13 where name.isSameHeader("authorization"):
                guard authorization == nil else { throw HeadRefusal(400, "The request has two Authorization headers") }
                authorization = value
            case 14 where name.isSameHeader("content-length"):
                contentLength = try Self.length(value, after: contentLength)
            case 14 where name.isSameHeader("sec-fetch-site"):
                fetchSite = value
            case 14 where name.isSameHeader("shardnode-from"):
                hello.from = value
            case 15 where name.isSameHeader("shardnode-nonce"):
                hello.nonce = value
            case 17 where name.isSameHeader("transfer-encoding"):
                guard transferEncoding == nil else {
                    throw HeadRefusal(400, "The request names its Transfer-Encoding twice")
                }
                transferEncoding = value
            default: break
            }
        }
        if let transferEncoding { try checkTransferEncoding(transferEncoding) }
    }

    private static func length(_ text: String, after known: Int?) throws(HeadRefusal) -> Int {
        guard known == nil else { throw HeadRefusal(400, "The request names its Content-Length twice") }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw HeadRefusal(400, "The request's Content-Length is no number")
        }
        // No machine has the memory for a length that does not fit.
        return Int(text) ?? .max
    }

    private func checkTransferEncoding(_ text: String) throws(HeadRefusal) {
        guard !isVersion10 else { throw HeadRefusal(400, "HTTP/1.0 has no Transfer-Encoding") }
        guard contentLength == nil else {
            throw HeadRefusal(400, "The request has both a Content-Length and a Transfer-Encoding")
        }
        guard text.lowercased() == "chunked" else {
            throw HeadRefusal(501, "The only Transfer-Encoding that is understood is chunked")
        }
    }

    /// True if the request changes something at the node that serves it; a change of protocol counts.
    var isChange: Bool { method != "GET" || upgrade != nil }

    /// True on the path of peers, who ask to change the protocol there.
    var isForPeers: Bool { method == "GET" && !isHead && uri == PeerProtocol.path }
}

extension String {
    /// True for the same name, whatever the case of its letters. `lowercase` holds letters and hyphens only.
    fileprivate func isSameHeader(_ lowercase: StaticString) -> Bool {
        // A hyphen has the bit of the lower case set as well; the other byte that becomes a hyphen is not allowed in a
        // name.
        utf8.elementsEqual(
            UnsafeBufferPointer(start: lowercase.utf8Start, count: lowercase.utf8CodeUnitCount), by: { $0 | 0x20 == $1 }
        )
    }
}
