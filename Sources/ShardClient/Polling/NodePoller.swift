import ClusterModel
import Foundation
import HostSystem
import NIOHTTP1
import ShardCore
import ShardWire

/// Asks one node for all it can tell, within one time-out.
struct NodePoller: Sendable {
    let transport: NodeTransport
    let timeoutMilliseconds: UInt64
    let nodesMax: Int

    /// The most shards of a node of another implementation that are believed.
    static let shardsMax = 1_000

    /// Polls a node. If it is not known yet what listens there, finds that out first.
    ///
    /// - Returns: the identity to go on from; nil if the next poll has to find it out again.
    func poll(_ node: NodeAddress, identity: NodeIdentity?) async -> (identity: NodeIdentity?, answer: PollAnswer) {
        if let identity { return (identity, await poll(node, as: identity)) }
        let found = await NodeProbe(transport: transport).probe(node, timeoutMilliseconds: timeoutMilliseconds)
        return (found.isCertain ? found.identity : nil, await poll(node, as: found.identity))
    }

    private func poll(_ node: NodeAddress, as identity: NodeIdentity) async -> PollAnswer {
        do throws(TransportError) {
            switch identity {
            case .shardnode: return try await pollFull(node)
            case .basic(let family): return try await pollBasic(node, Endpoints(family: family))
            case .refuses(let words): return .problem(words, .refusing)
            case .other(let words): return .problem(words, .foreign)
            case .nobody(.outOfFiles): throw .outOfFiles
            case .nobody(let error):
                let trouble = PollAnswer.Trouble(error)
                return .problem(error.description, trouble == .silent ? .absent : trouble)
            }
        } catch {
            if error == .outOfFiles { return .notAsked(error.description) }
            return .problem(error.description, PollAnswer.Trouble(error))
        }
    }

    private func pollFull(_ node: NodeAddress) async throws(TransportError) -> PollAnswer {
        let response = try await get(NodeProbe.statePath, node)
        guard response.status == 200 else {
            if let words = ClientError.notPermitted(status: response.status, reason: response.message ?? "") {
                return .problem(words, .refusing)
            }
            return .problem("answers \(response.words) for its state", .foreign)
        }
        let format = response.members?["format"]?.countValue
        if let format, format != NodeState.format {
            return .problem(
                "tells its state in format \(format); this program reads \(NodeState.format)", .foreign)
        }
        do {
            return .node(.full(try JSONDecoder().decode(NodeState.self, from: Data(response.body))))
        } catch {
            return .problem("tells a state that cannot be read: \(error.words)", .foreign)
        }
    }

    /// Polls the basic endpoints. The view decides whether the node counts as answering; anything else that it does not
    /// say stays out of the answer.
    private func pollBasic(_ node: NodeAddress, _ endpoints: Endpoints) async throws(TransportError) -> PollAnswer {
        async let viewAnswer = outcome(endpoints.view, node)
        async let ownAnswer = outcome(endpoints.nodeShardID, node)
        async let idsAnswer = outcome(endpoints.shardIDs, node)
        let response = try await viewAnswer.get()
        guard response.status == 200, let view = response.members?["view"]?.addresses(limit: nodesMax) else {
            return .problem("answers \(response.words) on \(endpoints.view), and no view", .foreign)
        }
        let own = Self.ownShard(endpoints.nodeShardIDField, try? await ownAnswer.get())
        let listed = Self.member("shard-ids", try? await idsAnswer.get())?.shardIDs(limit: Self.shardsMax)
        let ids = Set(listed ?? []).union(own.id.map { [$0] } ?? [])
        var shards = ids.sorted().map { BasicNodeState.Shard(id: $0) }
        if let own = own.id, let index = shards.firstIndex(where: { $0.id == own }) {
            async let members = outcome(endpoints.members(own), node)
            async let count = outcome(endpoints.keyCount(own), node)
            shards[index].members = Self.member(endpoints.membersField, try? await members.get())?
                .addresses(limit: nodesMax)
            shards[index].keys = Self.member(endpoints.keyCountField, try? await count.get())?.countValue
        }
        var state = BasicNodeState(family: endpoints.family, view: view, shard: own.id, shards: shards)
        state.isUnplaced = own.isNone
        state.listsShards = listed != nil
        return .node(.basic(state))
    }

    private static func member(_ name: String, _ response: NodeResponse?) -> JSONText? {
        guard let response, response.status == 200 else { return nil }
        return response.members?[name]
    }

    /// The shard that a node says it is in, and whether it says that it is in none: by an answer that says nothing, or
    /// a refusal of its own. Any other answer tells neither.
    private static func ownShard(_ name: String, _ response: NodeResponse?) -> (id: ShardID?, isNone: Bool) {
        guard let response, let members = response.members else { return (nil, false) }
        if response.status == 200, let told = members[name] {
            return told.isNone ? (nil, true) : (told.shardID, false)
        }
        return (nil, (400..<500).contains(response.status))
    }

    private func get(_ path: String, _ node: NodeAddress) async throws(TransportError) -> NodeResponse {
        try await transport.read(path, of: node, timeoutMilliseconds: timeoutMilliseconds)
    }

    private func outcome(_ path: String, _ node: NodeAddress) async -> Result<NodeResponse, TransportError> {
        do throws(TransportError) { return .success(try await get(path, node)) } catch { return .failure(error) }
    }
}
