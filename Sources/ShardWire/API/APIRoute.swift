import ShardCore

/// What a client asked for, and in which family of names.
///
/// Beyond the two families there are endpoints of this store's own, all under `/shardnode/v1`:
///
/// | endpoint | answer |
/// |---|---|
/// | `GET /shardnode/v1/state` | ``NodeState`` |
/// | `GET /shardnode/v1/reshard` | `{"reshard": ReshardProgress or null}` |
/// | `GET /shardnode/v1/reshard/stream` | a line of the same for each change, until the operation ends |
/// | `GET /shardnode/v1/reshard/plan?shard-count=N` | `ReshardPlan`: a dry run |
/// | `DELETE /shardnode/v1/reshard` | `{"result":"aborted"}` |
/// | `PUT /shardnode/v1/reshard/step` | `{"step":"on"}`, `"next"` or `"off"`: the same as `GET …/reshard` |
/// | `GET /shardnode/v1/keys/<key>` | `KeyLocation` |
/// | `GET /shardnode/v1/events?after=N` | ``EventPage`` |
/// | `PUT /shardnode/v1/faults` | `{"isolated":true}` cuts the node off from its peers, where it was started with `--allow-faults` |
/// | `GET /metrics` | Prometheus text |
public enum APIRoute: Hashable, Sendable {
    case request(Request, NameFamily)
    case state
    case events(after: UInt64)
    case reshardStream
    /// Cut all links to the peers, or mend them; for nodes that were started for it.
    case isolate(Bool)
    case metrics
}

/// A request as it came over HTTP.
public struct APIRequest: Sendable {
    public var method: String
    /// Path and query, percent-encoded.
    public var target: String
    public var body: [UInt8]
    /// Longer values are refused.
    public var valueBytesMax: Int

    public init(method: String, target: String, body: [UInt8], valueBytesMax: Int = 8 * 1024 * 1024) {
        self.method = method
        self.target = target
        self.body = body
        self.valueBytesMax = valueBytesMax
    }

    /// Finds out what is wanted; throws what is wrong with it.
    public func route() throws(APIError) -> APIRoute {
        // By bytes: what is ASCII in a path needs no look at characters.
        let end = target.utf8.firstIndex(of: 0x3F) ?? target.endIndex
        let path = target[..<end]
        let query = end < target.endIndex ? target[target.utf8.index(after: end)...] : ""
        if let key = path.dropping(prefix: "/key-value-store/") { return try keyRoute(key, .long) }
        if let key = path.dropping(prefix: "/kvs/") { return try keyRoute(key, .short) }
        if path == "/key-value-store-view" { return try viewRoute(.long) }
        if path == "/view" { return try viewRoute(.short) }
        if let rest = path.dropping(prefix: "/key-value-store-shard/") { return try shardRoute(rest, .long) }
        if let rest = path.dropping(prefix: "/shard/") { return try shardRoute(rest, .short) }
        if let rest = path.dropping(prefix: "/shardnode/v1/") { return try ownRoute(rest, query) }
        if path == "/metrics" {
            try require("GET")
            return .metrics
        }
        throw unknownPath
    }

    var unknownPath: APIError {
        APIError(404, "There is nothing at '\(target.prefix(100))'; see /key-value-store, /kvs or /shardnode/v1/state")
    }

    func require(_ methods: String...) throws(APIError) {
        guard methods.contains(method) else {
            throw APIError(
                405, "\(method.prefix(20)) is not known here; use \(methods.joined(separator: " or "))",
                allow: methods.map { $0 == "GET" ? "GET, HEAD" : $0 }.joined(separator: ", "))
        }
    }

    private func viewRoute(_ family: NameFamily) throws(APIError) -> APIRoute {
        switch method {
        case "GET": return .request(.view, family)
        case "PUT": return .request(.addToView(try APIBody(body).newAddress()), family)
        case "DELETE": return .request(.removeFromView(try APIBody(body).address()), family)
        default:
            try require("GET", "PUT", "DELETE")
            throw unknownPath
        }
    }

    private func shardRoute(_ rest: Substring, _ family: NameFamily) throws(APIError) -> APIRoute {
        let isLong = family == .long
        switch rest {
        case isLong ? "shard-ids" : "ids":
            try require("GET")
            return .request(.shardIDs, family)
        case "node-shard-id":
            try require("GET")
            return .request(.nodeShardID, family)
        case "reshard":
            try require("PUT")
            let body = try APIBody(body)
            return .request(
                .reshard(
                    shardCount: try body.shardCount(), force: try body.force(), isStepped: try body.isStepped()),
                family)
        default: break
        }
        if let id = rest.dropping(prefix: isLong ? "shard-id-members/" : "members/") {
            try require("GET")
            return .request(.shardMembers(shard: try shardID(id)), family)
        }
        if let id = rest.dropping(prefix: isLong ? "shard-id-key-count/" : "key-count/") {
            try require("GET")
            return .request(.keyCount(shard: try shardID(id)), family)
        }
        if let id = rest.dropping(prefix: "add-member/") {
            try require("PUT")
            return .request(.addMember(try APIBody(body).newAddress(), shard: try shardID(id)), family)
        }
        throw unknownPath
    }

    private func shardID(_ text: Substring) throws(APIError) -> Int {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let id = Int(text)
        else { throw APIError(404, "'\(text.prefix(50))' is no shard id; shard ids are integers from 0") }
        return id
    }

    private func ownRoute(_ rest: Substring, _ query: Substring) throws(APIError) -> APIRoute {
        if let key = rest.dropping(prefix: "keys/") {
            try require("GET")
            return .request(.locate(key: try APIKey(key).text), .short)
        }
        switch rest {
        case "state":
            try require("GET")
            return .state
        case "events":
            try require("GET")
            return .events(after: try number("after", in: query) ?? 0)
        case "faults":
            try require("PUT")
            return .isolate(try APIBody(body).isIsolated())
        case "reshard/stream":
            try require("GET")
            return .reshardStream
        case "reshard/step":
            try require("PUT")
            return .request(.stepReshard(try APIBody(body).stepCommand()), .short)
        case "reshard/plan":
            try require("GET")
            guard let count = try number("shard-count", in: query), count <= 1_000_000 else {
                throw APIError(400, "The query needs shard-count=N")
            }
            return .request(.planReshard(shardCount: Int(count)), .short)
        case "reshard":
            try require("GET", "DELETE")
            return .request(method == "GET" ? .reshardProgress : .abortReshard, .short)
        default: throw unknownPath
        }
    }

    private func number(_ name: String, in query: Substring) throws(APIError) -> UInt64? {
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

extension Substring {
    func dropping(prefix: String) -> Substring? {
        guard hasBytes(prefix) else { return nil }
        return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
    }

    /// Byte by byte in memory: every request's path is compared with several others.
    private func hasBytes(_ prefix: String) -> Bool {
        var prefix = prefix
        return prefix.withUTF8 { wanted in
            utf8.withContiguousStorageIfAvailable { $0.starts(with: wanted) } ?? utf8.starts(with: wanted)
        }
    }
}
