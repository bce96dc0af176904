import ShardCore

/// An answer as it goes out over HTTP.
public struct APIResponse: Hashable, Sendable {
    public let status: Int
    public let body: [UInt8]

    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    public init(_ error: APIError) { self.init(status: error.status, body: error.body) }

    /// The answer in the words of the family, to a request that came by the HTTP method given.
    public init(_ reply: Reply, toMethod method: String, in family: NameFamily) {
        let isLong = family == .long
        switch reply {
        case .found(let value, let context):
            self.init(status: 200, body: Self.found(value, context, isLong))
        case .created(let context, let shard):
            let words = isLong ? "\"message\":\"Added successfully\"" : "\"result\":\"created\""
            self.init(status: 201, body: Self.metadata(words, context, shard: shard))
        case .replaced(let context, let shard):
            let words = isLong ? "\"message\":\"Updated successfully\"" : "\"result\":\"replaced\""
            self.init(status: 200, body: Self.metadata(words, context, shard: shard))
        case .deleted(let context, let shard):
            let words = isLong ? "\"message\":\"Deleted successfully\"" : "\"result\":\"deleted\""
            self.init(status: 200, body: Self.metadata(words, context, shard: shard))
        case .noSuchKey(let context):
            let words =
                isLong
                ? "\"doesExist\":false,\"error\":\"Key does not exist\",\"message\":\"Error in \(method)\""
                : "\"error\":\"Key does not exist\""
            self.init(status: 404, body: Self.metadata(words, context))
        case .refused(let refusal):
            self.init(refusal, toMethod: method, in: family)
        case .plan, .aborted, .progress, .location, .status:
            self = Self.own(reply)
        default:
            self = Self.cluster(reply, isLong)
        }
    }

    private static func found(_ value: [UInt8], _ context: CausalContext, _ isLong: Bool) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(96 + value.count + context.vector.count * nodeBytesUsual)
        body += isLong ? foundLong : foundShort
        ContextCodec.encode(context, into: &body)
        body += valueFollows
        body += value
        body.append(0x7D)
        return body
    }

    private static let foundLong = Array("{\"message\":\"Retrieved successfully\",\"causal-metadata\":\"".utf8)
    private static let foundShort = Array("{\"result\":\"found\",\"causal-metadata\":\"".utf8)
    private static let valueFollows = Array("\",\"value\":".utf8)

    /// What a node takes in a context's text, as a rule.
    private static let nodeBytesUsual = 48

    /// - Parameter shard: named behind the context, where it is given.
    private static func metadata(_ words: String, _ context: CausalContext, shard: Int? = nil) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(160 + context.vector.count * nodeBytesUsual)
        body.append(0x7B)
        body += words.utf8
        body += metadataFollows
        ContextCodec.encode(context, into: &body)
        body.append(0x22)
        if let shard {
            body += shardFollows
            body += String(shard).utf8
        }
        body.append(0x7D)
        return body
    }

    private static let metadataFollows = Array(",\"causal-metadata\":\"".utf8)
    private static let shardFollows = Array(",\"shard-id\":".utf8)
}

extension Request {
    /// The HTTP method that it comes by.
    public var methodName: String {
        switch self {
        case .put, .addToView, .addMember, .reshard, .stepReshard: "PUT"
        case .delete, .removeFromView, .abortReshard: "DELETE"
        default: "GET"
        }
    }
}
