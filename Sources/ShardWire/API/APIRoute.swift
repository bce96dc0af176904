import ClusterSecurity
import Foundation
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
        let shape = TargetShape(target)
        let end = target.utf8.index(target.startIndex, offsetBy: shape.pathBytes)
        if let family = shape.keys {
            let start = target.utf8.index(target.startIndex, offsetBy: shape.prefixBytes)
            return try keyRoute(target[start..<end], family)
        }
        let query = end < target.endIndex ? target[target.utf8.index(after: end)...] : ""
        return try endpointRoute(target[..<end], query)
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

/// What is to be known first of a request's target, from one look at its bytes: a path in ASCII needs none at its
/// characters.
private struct TargetShape {
    /// The bytes before the question mark.
    let pathBytes: Int
    /// The family of names, if the path is a key's.
    var keys: NameFamily?
    /// The bytes before the key.
    var prefixBytes = 0

    init(_ target: String) {
        var target = target
        self = target.withUTF8 { TargetShape($0) }
    }

    private static func starts(_ path: UnsafeBufferPointer<UInt8>, with prefix: StaticString) -> Bool {
        guard let start = path.baseAddress, path.count >= prefix.utf8CodeUnitCount else { return false }
        return memcmp(start, prefix.utf8Start, prefix.utf8CodeUnitCount) == 0
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var end = 0
        while end < bytes.count, bytes[end] != 0x3F { end += 1 }
        pathBytes = end
        let path = UnsafeBufferPointer(rebasing: bytes[..<end])
        let (short, long): (StaticString, StaticString) = ("/kvs/", "/key-value-store/")
        if Self.starts(path, with: short) {
            (keys, prefixBytes) = (.short, short.utf8CodeUnitCount)
        } else if Self.starts(path, with: long) {
            (keys, prefixBytes) = (.long, long.utf8CodeUnitCount)
        }
    }
}

extension Substring {
    func dropping(prefix: String) -> Substring? {
        guard utf8.starts(with: prefix.utf8) else { return nil }
        return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
    }
}
