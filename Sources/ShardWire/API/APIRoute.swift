import ClusterSecurity
import ShardCore

/// A client's request by what it asks, with the family of names that it used.
///
/// The table ``Endpoint/all`` lists all of them, except those about keys.
public enum APIRoute: Hashable, Sendable {
    case request(Request, NameFamily)
    case state
    /// Whether the node serves, and no more than that.
    case health
    case events(after: UInt64)
    case reshardStream
    /// Cut all links to the peers, or mend them; for nodes that were started with this allowed.
    case isolate(Bool)
    case metrics
}

/// A request as it came over HTTP.
public struct APIRequest: Sendable {
    public var method: String
    /// Path and query, percent-encoded.
    public var target: String
    public var body: [UInt8]
    /// The longest value in bytes; longer ones are refused.
    public var valueBytesMax: Int

    public init(method: String, target: String, body: [UInt8], valueBytesMax: Int = 8 * 1024 * 1024) {
        self.method = method
        self.target = target
        self.body = body
        self.valueBytesMax = valueBytesMax
    }

    /// Finds the route of the request; throws the fault of the request.
    public func route() throws(APIError) -> APIRoute {
        // Compares bytes, as a path in ASCII needs no look at characters.
        let end = target.utf8.firstIndex(of: 0x3F) ?? target.endIndex
        let path = target[..<end]
        let query = end < target.endIndex ? target[target.utf8.index(after: end)...] : ""
        if let key = path.dropping(prefix: "/key-value-store/") { return try keyRoute(key, .long) }
        if let key = path.dropping(prefix: "/kvs/") { return try keyRoute(key, .short) }
        return try endpointRoute(path, query)
    }

    /// The role that the sender of the request needs; nil if anybody may send it.
    ///
    /// An unknown path needs the least role, so that nobody without a role learns which paths are known.
    public static func role(toSend method: String, _ target: String) -> TokenRole? {
        let path = target.prefix { $0 != "?" }
        if path.hasPrefix("/kvs/") || path.hasPrefix("/key-value-store/") { return method == "GET" ? .read : .write }
        var role: TokenRole? = .read
        for endpoint in Endpoint.all where endpoint.match(path) != nil && endpoint.method == method {
            role = endpoint.role
        }
        return role
    }

    private func endpointRoute(_ path: Substring, _ query: Substring) throws(APIError) -> APIRoute {
        var methods: [String] = []
        for endpoint in Endpoint.all {
            guard let (argument, family) = endpoint.match(path) else { continue }
            guard endpoint.method != method else {
                return try endpoint.route(Endpoint.Call(request: self, argument: argument, query: query), family)
            }
            methods.append(endpoint.method)
        }
        guard methods.isEmpty else { throw unknownMethod(methods) }
        throw unknownPath
    }

    var unknownPath: APIError {
        APIError(404, "There is nothing at '\(target.prefix(100))'; see /key-value-store, /kvs or /shardnode/v1/state")
    }

    func unknownMethod(_ known: [String]) -> APIError {
        APIError(
            405, "\(method.prefix(20)) is not known here; use \(known.joined(separator: " or "))",
            allow: known.map { $0 == "GET" ? "GET, HEAD" : $0 }.joined(separator: ", "))
    }
}

extension Substring {
    func dropping(prefix: String) -> Substring? {
        guard hasBytes(prefix) else { return nil }
        return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
    }

    /// Compares bytes in memory, as every request's path is compared with several others.
    private func hasBytes(_ prefix: String) -> Bool {
        var prefix = prefix
        return prefix.withUTF8 { wanted in
            utf8.withContiguousStorageIfAvailable { $0.starts(with: wanted) } ?? utf8.starts(with: wanted)
        }
    }
}
