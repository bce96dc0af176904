import ClusterSecurity
import ShardCore

/// A row of the API's table: a method, a path in each family of names, the role that it needs, and the request that it
/// makes.
///
/// Keys have no row: they have the most requests, and are matched first.
struct Endpoint: Sendable {
    /// A request, taken apart.
    struct Call {
        let request: APIRequest
        /// The text in the place of the path's `<…>`; empty if the path has none.
        let argument: Substring
        /// The text after the path's question mark.
        let query: Substring
    }

    let method: String
    /// An argument, in `<` and `>`, stands only at the end.
    let path: String
    /// Its path in the long names; nil if it has only one.
    let longPath: String?
    /// The role that a client needs; nil if anybody may ask.
    let role: TokenRole?
    /// Throws the fault of the request.
    let route: @Sendable (Call, NameFamily) throws(APIError) -> APIRoute

    /// An endpoint that the replica answers.
    init(
        _ method: String, _ path: String, _ longPath: String? = nil, for role: TokenRole,
        request: @escaping @Sendable (Call) throws(APIError) -> Request
    ) {
        (self.method, self.path, self.longPath, self.role) = (method, path, longPath, role)
        route = { call, family throws(APIError) in .request(try request(call), family) }
    }

    /// An endpoint that the shell around the replica answers.
    init(
        _ method: String, _ path: String, for role: TokenRole?,
        shell: @escaping @Sendable (Call) throws(APIError) -> APIRoute
    ) {
        (self.method, self.path, longPath, self.role) = (method, path, nil, role)
        route = { call, _ throws(APIError) in try shell(call) }
    }

    /// The argument and the family, if the path is the endpoint's.
    func match(_ path: Substring) -> (argument: Substring, family: NameFamily)? {
        if let argument = Self.argument(path, self.path) { return (argument, .short) }
        if let longPath, let argument = Self.argument(path, longPath) { return (argument, .long) }
        return nil
    }

    private static func argument(_ path: Substring, _ pattern: String) -> Substring? {
        guard pattern.utf8.last == 0x3E else { return path == pattern ? path.suffix(0) : nil }
        return path.dropping(prefix: String(pattern.prefix { $0 != "<" }))
    }
}

extension Endpoint.Call {
    func body() throws(APIError) -> APIBody { try APIBody(request.body) }

    /// The argument as a shard's id.
    func shard() throws(APIError) -> Int {
        guard (1...9).contains(argument.utf8.count), argument.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let id = Int(argument)
        else { throw APIError(404, "'\(argument.prefix(50))' is no shard id; shard ids are integers from 0") }
        return id
    }

    /// The number that the query gives for `name`; nil if it gives none.
    func number(_ name: String) throws(APIError) -> UInt64? {
        for part in query.split(separator: "&") {
            guard let value = part.dropping(prefix: name + "=") else { continue }
            guard let number = UInt64(value) else {
                throw APIError(400, "'\(value.prefix(50))' is no number for \(name)")
            }
            return number
        }
        return nil
    }
}
