import Foundation
import HostSystem
import ShardCore

extension APIResponse {
    /// One member, with a message beside it in the long names.
    static func one(
        _ isLong: Bool, _ message: String, _ longName: String, _ shortName: String, _ value: [UInt8]
    ) -> APIResponse {
        let members = isLong ? [("message", JSONWriter.string(message)), (longName, value)] : [(shortName, value)]
        return APIResponse(status: 200, body: JSONWriter.object(members))
    }

    static func said(_ status: Int, _ name: String, _ text: String) -> APIResponse {
        APIResponse(status: status, body: JSONWriter.object([(name, JSONWriter.string(text))]))
    }

    static func failed(_ status: Int, _ error: String, _ method: String) -> APIResponse {
        APIResponse(APIError(status, error, message: "Error in \(method)"))
    }

    static func addresses(_ nodes: [NodeAddress]) -> [UInt8] {
        JSONWriter.array(nodes.map { JSONWriter.string($0.description) })
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
    /// Nil if there has been none that the node coordinates or coordinated.
    public var reshard: ReshardProgress?

    public init(reshard: ReshardProgress?) { self.reshard = reshard }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(reshard, forKey: .reshard)
    }
}
