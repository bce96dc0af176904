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

    /// The answer in the words of the family, to a request with this HTTP method.
    ///
    /// An answer that is a JSON object with one member is made by ``one(_:_:_:_:_:)`` or ``said(_:_:_:)``, and any
    /// other that is not on the hot path by ``encoded(_:)``.
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
        case .view(let nodes):
            self = Self.one(isLong, "View retrieved successfully", "view", "view", Self.addresses(nodes))
        case .addedToView:
            self =
                isLong
                ? Self.said(201, "message", "Replica added successfully to the view")
                : Self.said(201, "result", "added")
        case .alreadyInView:
            self =
                isLong
                ? Self.failed(404, "Socket address already exists in the view", "PUT")
                : Self.said(200, "result", "already present")
        case .removedFromView:
            self =
                isLong
                ? Self.said(200, "message", "Replica deleted successfully from the view")
                : Self.said(200, "result", "deleted")
        case .notInView:
            self =
                isLong
                ? Self.failed(404, "Socket address does not exist in the view", "DELETE")
                : Self.said(404, "error", "View has no such replica")
        case .shardIDs(let ids):
            let list = JSONWriter.array(ids.map { Array("\($0)".utf8) })
            self = Self.one(isLong, "Shard IDs retrieved successfully", "shard-ids", "shard-ids", list)
        case .nodeShardID(let id):
            let words = "Shard ID of the node retrieved successfully"
            self = Self.one(isLong, words, "shard-id", "node-shard-id", Array("\(id)".utf8))
        case .shardMembers(let nodes):
            let words = "Members of shard ID retrieved successfully"
            self = Self.one(isLong, words, "shard-id-members", "shard-members", Self.addresses(nodes))
        case .keyCount(let keys):
            let words = "Key count of shard ID retrieved successfully"
            self = Self.one(isLong, words, "shard-id-key-count", "shard-key-count", Array("\(keys)".utf8))
        case .memberAdded:
            self =
                isLong
                ? Self.said(200, "message", "Node added to shard successfully")
                : Self.said(200, "result", "node added to shard")
        case .resharded:
            self =
                isLong
                ? Self.said(200, "message", "Resharding done successfully") : Self.said(200, "result", "resharded")
        case .plan(let plan): self = Self.encoded(plan)
        case .aborted: self = Self.said(200, "result", "aborted")
        case .progress(let report): self = Self.encoded(ReshardAnswer(reshard: report?.told))
        case .location(let location): self = Self.encoded(location)
        case .status(let status): self = Self.encoded(status)
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

    /// The usual number of bytes for a node in a context's text.
    private static let nodeBytesUsual = 48

    /// - Parameter shard: named behind the context, if it is given.
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
