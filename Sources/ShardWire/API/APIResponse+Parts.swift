import Foundation
import HostSystem
import ShardCore

extension APIResponse {
    /// Answers about view and shards.
    static func cluster(_ reply: Reply, _ isLong: Bool) -> APIResponse {
        switch reply {
        case .view(let nodes):
            return answer(isLong, "View retrieved successfully", "view", "view", addresses(nodes))
        case .addedToView:
            return isLong
                ? said(201, "message", "Replica added successfully to the view") : said(201, "result", "added")
        case .alreadyInView:
            return isLong
                ? failed(404, "Socket address already exists in the view", "PUT")
                : said(200, "result", "already present")
        case .removedFromView:
            return isLong
                ? said(200, "message", "Replica deleted successfully from the view") : said(200, "result", "deleted")
        case .notInView:
            return isLong
                ? failed(404, "Socket address does not exist in the view", "DELETE")
                : said(404, "error", "View has no such replica")
        case .shardIDs(let ids):
            let list = JSONWriter.array(ids.map { Array("\($0)".utf8) })
            return answer(isLong, "Shard IDs retrieved successfully", "shard-ids", "shard-ids", list)
        case .nodeShardID(let id):
            return answer(
                isLong, "Shard ID of the node retrieved successfully", "shard-id", "node-shard-id", Array("\(id)".utf8))
        case .shardMembers(let nodes):
            return answer(
                isLong, "Members of shard ID retrieved successfully", "shard-id-members", "shard-members",
                addresses(nodes))
        case .keyCount(let keys):
            return answer(
                isLong, "Key count of shard ID retrieved successfully", "shard-id-key-count", "shard-key-count",
                Array("\(keys)".utf8))
        case .memberAdded:
            return isLong
                ? said(200, "message", "Node added to shard successfully") : said(200, "result", "node added to shard")
        case .resharded:
            return isLong
                ? said(200, "message", "Resharding done successfully") : said(200, "result", "resharded")
        default:
            preconditionFailure("\(reply) is not about view or shards")
        }
    }

    private static func answer(
        _ isLong: Bool, _ message: String, _ longName: String, _ shortName: String, _ value: [UInt8]
    ) -> APIResponse {
        let members = isLong ? [("message", JSONWriter.string(message)), (longName, value)] : [(shortName, value)]
        return APIResponse(status: 200, body: JSONWriter.object(members))
    }

    private static func said(_ status: Int, _ name: String, _ text: String) -> APIResponse {
        APIResponse(status: status, body: JSONWriter.object([(name, JSONWriter.string(text))]))
    }

    private static func failed(_ status: Int, _ error: String, _ method: String) -> APIResponse {
        APIResponse(APIError(status, error, message: "Error in \(method)"))
    }

    private static func addresses(_ nodes: [NodeAddress]) -> [UInt8] {
        JSONWriter.array(nodes.map { JSONWriter.string($0.description) })
    }

    /// Answers of the store's own endpoints.
    static func own(_ reply: Reply) -> APIResponse {
        switch reply {
        case .plan(let plan): encoded(plan)
        case .aborted: said(200, "result", "aborted")
        case .progress(let progress): encoded(ReshardAnswer(reshard: progress))
        case .location(let location): encoded(location)
        case .status(let status): encoded(status)
        default: preconditionFailure("\(reply) is no answer of an own endpoint")
        }
    }

    /// Any value as JSON, by the general coder: for all but the hot path.
    public static func encoded(_ value: some Encodable) -> APIResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return APIResponse(status: 200, body: Array(try encoder.encode(value)))
        } catch {
            return APIResponse(APIError(500, "The answer could not be written: \(error.words)"))
        }
    }
}

/// The answer to `GET /shardnode/v1/reshard`.
public struct ReshardAnswer: Codable, Hashable, Sendable {
    /// Nil where there has been none that the node coordinates or coordinated.
    public var reshard: ReshardProgress?

    public init(reshard: ReshardProgress?) { self.reshard = reshard }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(reshard, forKey: .reshard)
    }
}
