import NIOHTTP1

/// What the connection needs to know of a request's head, found in one pass over its headers.
struct RequestHead {
    enum Expectation {
        case none, proceed, unknown
    }

    let method: HTTPMethod
    let uri: String
    let isKeepAlive: Bool
    let isVersion10: Bool
    private(set) var contentLength: Int?
    private(set) var expectation = Expectation.none
    /// The protocol that the client would change to.
    private(set) var upgrade: String?

    init(_ head: HTTPRequestHead) {
        method = head.method
        uri = head.uri
        isKeepAlive = head.isKeepAlive
        isVersion10 = head.version.minor == 0
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 6 where name.isSameHeader("expect"):
                expectation = value.lowercased() == "100-continue" ? .proceed : .unknown
            case 7 where name.isSameHeader("upgrade"):
                upgrade = value
            case 14 where name.isSameHeader("content-length"):
                contentLength = Int(value)
            default: break
            }
        }
    }
}

extension String {
    /// True for the same name in letters of either case. `lowercase` holds letters and hyphens only.
    fileprivate func isSameHeader(_ lowercase: StaticString) -> Bool {
        // A hyphen has the bit of the lower case as well; what it is taken for otherwise is no character of a name.
        utf8.elementsEqual(
            UnsafeBufferPointer(start: lowercase.utf8Start, count: lowercase.utf8CodeUnitCount), by: { $0 | 0x20 == $1 }
        )
    }
}
