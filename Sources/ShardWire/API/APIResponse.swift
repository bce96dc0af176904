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

    /// The answer in the words of the family.
    public init(_ reply: Reply, to request: Request, in family: NameFamily) {
        let isLong = family == .long
        switch reply {
        case .found(let value, let context):
            self.init(status: 200, body: Self.found(value, context, isLong))
        case .created(let context, let shard):
            let words = isLong ? "\"message\":\"Added successfully\"" : "\"result\":\"created\""
            self.init(status: 201, body: Self.written(words, context, shard))
        case .replaced(let context, let shard):
            let words = isLong ? "\"message\":\"Updated successfully\"" : "\"result\":\"replaced\""
            self.init(status: 200, body: Self.written(words, context, shard))
        case .deleted(let context, let shard):
            let words = isLong ? "\"message\":\"Deleted successfully\"" : "\"result\":\"deleted\""
            self.init(status: 200, body: Self.written(words, context, shard))
        case .noSuchKey(let context):
            let words =
                isLong
                ? "\"doesExist\":false,\"error\":\"Key does not exist\",\"message\":\"Error in \(request.methodName)\""
                : "\"error\":\"Key does not exist\""
            self.init(status: 404, body: Self.metadata(words, context))
        case .refused(let refusal):
            self.init(refusal, to: request, in: family)
        case .plan, .aborted, .progress, .location, .status:
            self = Self.own(reply)
        default:
            self = Self.cluster(reply, isLong)
        }
    }

    private static func found(_ value: [UInt8], _ context: CausalContext, _ isLong: Bool) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(96 + value.count + context.vector.count * 48)
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

    private static func metadata(_ words: String, _ context: CausalContext) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(128 + context.vector.count * 48)
        body.append(0x7B)
        body += words.utf8
        body += ",\"causal-metadata\":\"".utf8
        ContextCodec.encode(context, into: &body)
        body += "\"}".utf8
        return body
    }

    private static func written(_ words: String, _ context: CausalContext, _ shard: Int) -> [UInt8] {
        var body = metadata(words, context)
        body.removeLast()
        body += ",\"shard-id\":\(shard)}".utf8
        return body
    }
}

extension Request {
    /// The HTTP method, for the long names' "Error in …".
    var methodName: String {
        switch self {
        case .put, .addToView, .addMember, .reshard, .stepReshard: "PUT"
        case .delete, .removeFromView, .abortReshard: "DELETE"
        default: "GET"
        }
    }
}
