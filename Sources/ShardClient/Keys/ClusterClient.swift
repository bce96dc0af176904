import NIOHTTP1
import ShardCore
import ShardWire
import Synchronization

/// Reads and writes keys through any node of a list, in whichever family of names the node speaks.
///
/// Requests go round the nodes. One that cannot be reached, or says 503, is passed over for the next. A request whose
/// answer got lost is sent again too: a put or delete that arrives twice leaves the same state as one that arrives
/// once, unless the key was written between. ``WriteAnswer/mayComeTwice`` says where that can be.
public final class ClusterClient: Sendable {
    public struct Configuration: Sendable {
        /// For one try at one node. Longer than the nodes' own wait for dependencies (5 s), so that they can say so.
        public var timeoutMilliseconds: UInt64 = 8_000
        /// Times round all nodes before a 503 is given to the caller.
        public var roundsMax = 3
        /// Between rounds.
        public var pauseMilliseconds: UInt64 = 150

        public init() {}
    }

    public let nodes: [NodeAddress]
    private let configuration: Configuration
    private let transport: NodeTransport
    private let probe: NodeProbe
    private let state = Mutex(State())

    private struct State {
        var next = 0
        var families: [NodeAddress: NameFamily] = [:]
        /// Nodes that failed, and until when they are asked last.
        var avoided: [NodeAddress: ContinuousClock.Instant] = [:]
    }

    private static let avoidance = Duration.seconds(2)

    public init(nodes: [NodeAddress], transport: NodeTransport, configuration: Configuration = Configuration()) {
        self.nodes = nodes
        self.transport = transport
        self.configuration = configuration
        probe = NodeProbe(transport: transport)
    }

    /// - Parameter first: the node asked first; without it, the next in turn.
    public func get(
        _ key: String, context: CausalContext = .none, first: NodeAddress? = nil
    ) async throws(ClientError) -> GetAnswer {
        let body = context.json == .null ? nil : Self.body([("causal-metadata", context.json)])
        let (node, response, _) = try await send(.GET, key: key, body: body, first: first)
        let members = response.members ?? [:]
        let seen = members["causal-metadata"].map(CausalContext.init(json:)) ?? context
        if response.status == 404, response.members != nil {
            return GetAnswer(value: nil, context: seen, node: node)
        }
        guard response.status == 200, let value = members["value"] else {
            throw Self.refusal(node, response)
        }
        return GetAnswer(value: value, context: seen, node: node)
    }

    public func put(
        _ key: String, value: JSONText, context: CausalContext = .none, first: NodeAddress? = nil
    ) async throws(ClientError) -> WriteAnswer {
        let body = Self.body([("value", value), ("causal-metadata", context.json)])
        let (node, response, isUnknown) = try await send(.PUT, key: key, body: body, first: first)
        guard response.status == 200 || response.status == 201, let members = response.members else {
            throw Self.refusal(node, response)
        }
        return Self.answer(
            response.status == 201 ? .created : .replaced, members, node: node, sent: context, mayComeTwice: isUnknown)
    }

    /// A key that is not there is no error, but ``WriteAnswer/Outcome/noSuchKey``.
    public func delete(
        _ key: String, context: CausalContext = .none, first: NodeAddress? = nil
    ) async throws(ClientError) -> WriteAnswer {
        let body = Self.body([("causal-metadata", context.json)])
        let (node, response, isUnknown) = try await send(.DELETE, key: key, body: body, first: first)
        guard response.status == 200 || response.status == 404, let members = response.members else {
            throw Self.refusal(node, response)
        }
        return Self.answer(
            response.status == 200 ? .deleted : .noSuchKey, members, node: node, sent: context, mayComeTwice: isUnknown)
    }

    private static func answer(
        _ outcome: WriteAnswer.Outcome, _ members: [String: JSONText], node: NodeAddress, sent: CausalContext,
        mayComeTwice: Bool
    ) -> WriteAnswer {
        WriteAnswer(
            outcome: outcome, context: members["causal-metadata"].map(CausalContext.init(json:)) ?? sent,
            shard: members["shard-id"]?.shardID, node: node, mayComeTwice: mayComeTwice)
    }

    private static func body(_ members: [(String, JSONText)]) -> [UInt8] {
        var bytes: [UInt8] = [0x7B]
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes += JSONText.string(member.0).bytes
            bytes.append(0x3A)
            bytes += member.1.bytes
        }
        bytes.append(0x7D)
        return bytes
    }

    private static func refusal(_ node: NodeAddress, _ response: NodeResponse) -> ClientError {
        if response.members == nil {
            return .notThisAPI(node: node, reason: "answered \(response.summary) to a request for a key")
        }
        return .refused(node: node, status: response.status, reason: response.reason)
    }

    // MARK: Which node

    private func send(
        _ method: HTTPMethod, key: String, body: [UInt8]?, first: NodeAddress?
    ) async throws(ClientError) -> (NodeAddress, NodeResponse, isUnknown: Bool) {
        let order = order(first: first)
        var later: ClientError?
        var unknown: ClientError?
        var problems: [ClientError.NodeProblem] = []
        for round in 0..<max(1, configuration.roundsMax) {
            if round > 0 { try? await Task.sleep(for: .milliseconds(configuration.pauseMilliseconds)) }
            problems = []
            for node in order {
                if Task.isCancelled { throw .outcomeUnknown(node: node, reason: "was not waited for") }
                do {
                    let endpoints = Endpoints(family: try await family(of: node))
                    let response = try await transport.send(
                        method, endpoints.key(key), to: node, body: body,
                        timeoutMilliseconds: configuration.timeoutMilliseconds, isTrusting: true)
                    guard response.status == 503 else { return (node, response, unknown != nil) }
                    later = .tryAgainLater(node: node, reason: response.reason)
                } catch let error as TransportError {
                    avoid(node)
                    if !error.isUnsent { unknown = .outcomeUnknown(node: node, reason: error.description) }
                    problems.append(.init(node: node, problem: error.description))
                } catch let error as ClientError {
                    problems.append(.init(node: node, problem: error.description))
                    if order.count == 1 { throw error }
                } catch {
                    problems.append(.init(node: node, problem: "\(error)"))
                }
            }
        }
        throw unknown ?? later ?? .nobodyAnswers(problems)
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

    /// A dead node costs one request its time, not every request.
    private func avoid(_ node: NodeAddress) {
        state.withLock { $0.avoided[node] = .now + Self.avoidance }
    }

    private func family(of node: NodeAddress) async throws -> NameFamily {
        if let known = state.withLock({ $0.families[node] }) { return known }
        let family: NameFamily
        switch await probe.identify(node, timeoutMilliseconds: min(2_000, configuration.timeoutMilliseconds)) {
        case .shardnode: family = .short
        case .basic(let found): family = found
        case .other(let reason): throw ClientError.notThisAPI(node: node, reason: reason)
        case .nobody(let error): throw error
        }
        state.withLock { $0.families[node] = family }
        return family
    }
}
