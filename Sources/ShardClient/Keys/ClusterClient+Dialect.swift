import NIOHTTP1
import ShardCore
import ShardWire

extension ClusterClient {
    /// A request for a key, with the members of its body besides the metadata.
    struct KeyRequest {
        var method: HTTPMethod
        var key: String
        var members: [(String, JSONText)] = []
        var context: CausalContext
    }

    /// Asks one node, in the dialect that it takes.
    ///
    /// Without a context, the ways to say so are tried until the node takes one. A refusal with 4xx had no effect, so a
    /// write goes out again without doubt. After a 500 it may have taken effect: then it goes out once more at most,
    /// and `unknown` says so.
    func ask(
        _ request: KeyRequest, _ node: NodeAddress, _ family: NameFamily, until end: ContinuousClock.Instant?,
        unknown: inout ClientError?
    ) async throws(TransportError) -> NodeResponse {
        let path = Endpoints(family: family).key(request.key)
        guard request.context == .none else {
            let body = JSONText.object(request.members + [("causal-metadata", request.context.json)])
            return try await send(request.method, path, node, body, until: end)
        }
        var ways = ways(request.method, of: node, family)
        let isLearning = ways.count > 1
        var first: NodeResponse?
        var isAboutBody = true
        while true {
            let way = ways.removeFirst()
            let response = try await send(request.method, path, node, way.body(request.members), until: end)
            guard NoMetadataForms.isRefusal(response.status, of: request.method) else {
                if response.status < 300 || response.status == 404 { learn(way, request.method, of: node) }
                return response
            }
            first = first ?? response
            guard isLearning else { break }
            isAboutBody = isAboutBody && NoMetadataForms.isAboutBody(response.status)
            if response.status == 500, request.method != .GET {
                if unknown != nil { break }
                unknown = .outcomeUnknown(node: node, reason: "answered \(response.words)")
                ways = Array(ways.prefix(1))
            }
            if ways.isEmpty, way != .noBody, isAboutBody, request.method == .GET { ways = [.noBody] }
            if ways.isEmpty { break }
        }
        if isLearning { learnNothing(of: node) }
        // The refusal of the usual way tells a person the most.
        return first ?? NodeResponse(status: 0, contentType: "", body: [])
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ node: NodeAddress, _ body: [UInt8]?,
        until end: ContinuousClock.Instant?
    ) async throws(TransportError) -> NodeResponse {
        let left = end.map { UInt64(max(1, ($0 - .now) / .milliseconds(1))) } ?? .max
        // Half of the patience at most, so that there is time to ask another node.
        let share = configuration.patienceMilliseconds.map { max(1, $0 / 2) } ?? .max
        return try await transport.send(
            method, path, to: node, body: body,
            timeoutMilliseconds: min(configuration.timeoutMilliseconds, left, share))
    }

    /// The error for an answer that is no JSON object. It may still come from the node that was there at first, if that
    /// leaves errors to its web framework.
    func refusal(_ node: NodeAddress, _ response: NodeResponse) async -> ClientError {
        let refused = ClientError.refusal(by: node, status: response.status, reason: response.message ?? "")
        if case .notPermitted = refused { return refused }
        if response.members != nil || response.body.isEmpty { return refused }
        return await isStillNode(node)
            ? refused : .notThisAPI(node: node, reason: "answered \(response.words) to a request for a key")
    }

    /// Looks again whether a node listens there.
    func isStillNode(_ node: NodeAddress) async -> Bool {
        forget(node)
        do {
            _ = try await family(of: node)
            return true
        } catch {
            return false
        }
    }
}
