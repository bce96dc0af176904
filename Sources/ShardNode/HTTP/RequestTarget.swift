import NIOHTTP1

/// The target of a request, in the forms of RFC 9112, section 3.2.
struct RequestTarget {
    /// The path and query.
    let path: String
    /// The host that the target names in the absolute form; it then goes before the Host header.
    let authority: String?

    init(_ text: String, method: HTTPMethod, isSecure: Bool = false) throws(HeadRefusal) {
        if text.utf8.first == 0x2F {
            (path, authority) = (text, nil)
            return
        }
        // A tunnel to elsewhere, or a request to the server as a whole: their methods are not known here.
        if method == .CONNECT || text == "*" && method == .OPTIONS {
            throw HeadRefusal(405, "\(method.rawValue) is not known here; use GET, PUT or DELETE")
        }
        guard let colon = text.range(of: "://") else {
            throw HeadRefusal(400, "The request's target must begin with a slash")
        }
        switch text[..<colon.lowerBound].lowercased() {
        case "http" where !isSecure, "https" where isSecure: break
        case "http": throw HeadRefusal(421, "This port speaks HTTPS; ask with https://")
        case "https": throw HeadRefusal(421, "This port speaks plain HTTP; ask with http://")
        default: throw HeadRefusal(400, "The request's target must begin with a slash, or with http://")
        }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        authority = String(rest[..<end])
        let path = rest[end...]
        self.path = path.hasPrefix("/") ? String(path) : "/" + path
    }
}
