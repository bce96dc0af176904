import NIOHTTP1
import ShardCore
import ShardWire
import Synchronization

/// Reads and writes keys through any node of a list, in whichever family of names the node speaks.
///
/// Requests go round the nodes. A node that cannot be reached, or says 503, is passed over for the next. A request
/// whose answer got lost is sent again too: a put or delete that arrives twice leaves the same state as one that
/// arrives once, unless the key was written in between. ``WriteAnswer/mayComeTwice`` is true if that may happen.
public final class ClusterClient: Sendable {
    public struct Configuration: Sendable {
        /// The time for one try at one node. Longer than the nodes' own wait for dependencies (5 s), so that they can
        /// report it.
        public var timeoutMilliseconds: UInt64 = 8_000
        /// The rounds through all nodes before a 503 is given to the caller.
        public var roundsMax = 3
        /// The pause between rounds.
        public var pauseMilliseconds: UInt64 = 150
        /// The time for all tries of a request together: nodes that say 503 are asked for as long, and none longer. Nil
        /// for ``roundsMax`` rounds, however long they take.
        public var patienceMilliseconds: UInt64?

        public init() {}
    }

    public let nodes: [NodeAddress]
    let configuration: Configuration
    let transport: NodeTransport
    private let probe: NodeProbe
    private let state = Mutex(State())

    private struct State {
        var next = 0
        var families: [NodeAddress: NameFamily] = [:]
        var forms = NoMetadataForms()
        /// The nodes that failed, and the time until which they are asked last.
        var avoided: [NodeAddress: ContinuousClock.Instant] = [:]
    }

    private static let avoidance = Duration.seconds(2)

    public init(nodes: [NodeAddress], transport: NodeTransport, configuration: Configuration = Configuration()) {
        self.nodes = nodes
        self.transport = transport
        self.configuration = configuration
        probe = NodeProbe(transport: transport)
    }

    /// See ``NodeTransport/executor``.
    public var executor: any TaskExecutor { transport.executor }

    /// - Parameter first: the node asked first; without it, the next in turn.
    public func get(
        _ key: String, context: CausalContext = .none, first: NodeAddress? = nil
    ) async throws(ClientError) -> GetAnswer {
        let (node, response, _) = try await send(KeyRequest(method: .GET, key: key, context: context), first: first)
        let members = response.members
        let seen = members?["causal-metadata"].map(CausalContext.init(json:)) ?? context
        if response.status == 404 {
            guard await says(node, response, members) else { throw await refusal(node, response) }
            return GetAnswer(value: nil, context: seen, node: node)
        }
        guard response.status == 200, let value = members?["value"] else { throw await refusal(node, response) }
        return GetAnswer(value: value, context: seen, node: node)
    }

    public func put(
        _ key: String, value: JSONText, context: CausalContext = .none, first: NodeAddress? = nil
    ) async throws(ClientError) -> WriteAnswer {
        let request = KeyRequest(method: .PUT, key: key, members: [("value", value)], context: context)
        let (node, response, isUnknown) = try await send(request, first: first)
        let members = response.members
        guard (200..<300).contains(response.status), await says(node, response, members) else {
            throw await refusal(node, response)
        }
        return Self.answer(
            response.status == 201 ? .created : .replaced, members, node: node, sent: context, mayComeTwice: isUnknown)
    }

    /// Deletes a key. A key that is not there is no error, but ``WriteAnswer/Outcome/noSuchKey``.
    public func delete(
        _ key: String, context: CausalContext = .none, first: NodeAddress? = nil
    ) async throws(ClientError) -> WriteAnswer {
        let request = KeyRequest(method: .DELETE, key: key, context: context)
        let (node, response, isUnknown) = try await send(request, first: first)
        let members = response.members
        guard (200..<300).contains(response.status) || response.status == 404, await says(node, response, members)
        else {
            throw await refusal(node, response)
        }
        return Self.answer(
            response.status == 404 ? .noSuchKey : .deleted, members, node: node, sent: context,
            mayComeTwice: isUnknown)
    }

    /// True if an answer can be taken at its status: it is JSON, or empty, or comes from a node that leaves such
    /// answers to its web framework.
    private func says(_ node: NodeAddress, _ response: NodeResponse, _ members: [String: JSONText]?) async -> Bool {
        if members != nil || response.body.isEmpty { return true }
        return await isStillNode(node)
    }

    private static func answer(
        _ outcome: WriteAnswer.Outcome, _ members: [String: JSONText]?, node: NodeAddress, sent: CausalContext,
        mayComeTwice: Bool
    ) -> WriteAnswer {
        WriteAnswer(
            outcome: outcome, context: members?["causal-metadata"].map(CausalContext.init(json:)) ?? sent,
            shard: members?["shard-id"]?.shardID, node: node, mayComeTwice: mayComeTwice)
    }

    // MARK: Choice of a node

    private func send(
        _ request: KeyRequest, first: NodeAddress?
    ) async throws(ClientError) -> (NodeAddress, NodeResponse, isUnknown: Bool) {
        let order = order(first: first)
        var later: ClientError?
        var unknown: ClientError?
        var foreign: ClientError?
        var problems: [ClientError.NodeProblem] = []
        let end = configuration.patienceMilliseconds.map { ContinuousClock.now + .milliseconds($0) }
        var round = 0
        rounds: while round < max(1, configuration.roundsMax) || later != nil && end != nil {
            if round > 0 { try? await Task.sleep(for: .milliseconds(configuration.pauseMilliseconds)) }
            round += 1
            problems = []
            for node in order {
                if Task.isCancelled { throw .outcomeUnknown(node: node, reason: "was not waited for") }
                if let end, .now >= end { break rounds }
                let family: NameFamily
                do throws(ClientError) {
                    family = try await self.family(of: node)
                } catch {
                    // The node was not sent the request.
                    if case .nobodyAnswers(let told) = error { problems += told } else { foreign = error }
                    avoid(node)
                    continue
                }
                do throws(TransportError) {
                    let response = try await ask(request, node, family, until: end, unknown: &unknown)
                    guard response.status == 503 else { return (node, response, unknown != nil) }
                    later = .tryAgainLater(node: node, status: response.status, reason: response.message ?? "")
                } catch {
                    avoid(node)
                    if let refusal = ClientError(error, at: node) { foreign = refusal }
                    if !error.isUnsent { unknown = .outcomeUnknown(node: node, reason: error.description) }
                    problems.append(.init(node: node, problem: error.description))
                }
            }
            if let foreign, order.count == 1 { throw foreign }
        }
        // A try that was cut short by the end of the patience says less than what the nodes said before it.
        if let later, end != nil { throw later }
        throw unknown ?? later ?? foreign ?? .nobodyAnswers(problems)
    }

    private func order(first: NodeAddress?) -> [NodeAddress] {
        guard !nodes.isEmpty else { return first.map { [$0] } ?? [] }
        let (start, avoided) = state.withLock { state in
            defer { state.next = (state.next + 1) % nodes.count }
            return (state.next, state.avoided)
        }
        let turn = first.map { [$0] + nodes.filter { $0 != first } } ?? Array(nodes[start...] + nodes[..<start])
        guard !avoided.isEmpty else { return turn }
        let now = ContinuousClock.now
        let isAvoided = { (node: NodeAddress) in avoided[node].map { $0 > now } ?? false }
        return turn.filter { !isAvoided($0) } + turn.filter(isAvoided)
    }

    /// Puts a node last for a while, so that a dead node costs one request its time, not every request.
    private func avoid(_ node: NodeAddress) {
        state.withLock { $0.avoided[node] = .now + Self.avoidance }
    }

    func family(of node: NodeAddress) async throws(ClientError) -> NameFamily {
        if let known = state.withLock({ $0.families[node] }) { return known }
        let family: NameFamily
        switch await probe.identify(node, timeoutMilliseconds: min(2_000, configuration.timeoutMilliseconds)) {
        case .shardnode: family = .short
        case .basic(let found): family = found
        case .other(let reason): throw .notThisAPI(node: node, reason: reason)
        case .refuses(let reason): throw .notPermitted(node: node, reason: reason)
        case .nobody(let error):
            throw ClientError(error, at: node) ?? .nobodyAnswers([.init(node: node, problem: error.description)])
        }
        state.withLock { $0.families[node] = family }
        return family
    }

    // MARK: Knowledge of nodes

    func forget(_ node: NodeAddress) {
        state.withLock { state in
            state.families[node] = nil
            state.forms.forget(node)
        }
    }

    func ways(_ method: HTTPMethod, of node: NodeAddress, _ family: NameFamily) -> [NoMetadata] {
        state.withLock { $0.forms.ways(method, of: node, family) }
    }

    func learn(_ way: NoMetadata, _ method: HTTPMethod, of node: NodeAddress) {
        state.withLock { $0.forms.took(way, method, by: node) }
    }

    func learnNothing(of node: NodeAddress) { state.withLock { $0.forms.refusedAll(by: node) } }
}
