import ShardClient
import ShardCore

/// One client of the traffic: it has keys of its own, a node that it prefers, and remembers what it has seen and
/// written. It makes one request at a time.
struct TrafficClient: RequestingClient {
    typealias Instant = ContinuousClock.Instant

    /// The time for which it stays with another node after its own did not answer.
    private static let stay = Duration.seconds(5)
    /// The time that it waits at one node before it asks another. The first is short, as most answers take some
    /// milliseconds. The last is longer than a node's own wait for dependencies (5 s), so that the node can say what is
    /// missing.
    static let patiencesMilliseconds: [UInt64] = [1_000, 2_500, 6_500]
    /// No other node is asked once a request is this old.
    private static let requestSecondsMax = 8
    private static let pauseMilliseconds = 150

    let number: Int
    /// The prefix of all clients' keys.
    let prefix: String
    private let clients: Int
    private let nodes: TrafficNodes
    private let home: Int
    private var away: (node: Int, until: Instant)?
    private var context = CausalContext.none
    private var memory = TrafficMemory()
    private var count: Int

    init(number: Int, of clients: Int, prefix: String, nodes: TrafficNodes) {
        self.number = number
        self.clients = clients
        self.prefix = prefix
        self.nodes = nodes
        home = number % max(1, nodes.count)
        count = number
    }

    /// Makes one request; every fourth is a write.
    mutating func operate() async -> String?? {
        defer { count += 1 }
        let key = "\(prefix)\(number + clients * (count / 4 % TrafficRun.keysPerClient))"
        let value = count % 4 == 0 ? JSONText.string("write \(count)") : nil
        if let value { memory.willWrite(value, to: key) }
        let start = ContinuousClock.now
        var tried: Set<Int> = []
        var tries = 0
        var isUnknown = false
        while true {
            let node = nodes.choose(from: preferred(start), without: tried)
            let began = ContinuousClock.now
            let error: ClientError
            do throws(ClientError) {
                let problem = try await ask(nodes.client(node, patience: tries), key, value, isUnknown: isUnknown)
                nodes.answered(node)
                if node != home { away = away ?? (node, .now + Self.stay) }
                return .some(problem)
            } catch let caught {
                error = caught
            }
            if Task.isCancelled { return nil }
            tried.insert(node)
            tries += 1
            if away?.node == node { away = nil }
            switch error {
            case .tryAgainLater:
                // The node may have forwarded the write before it found that it could not be answered.
                isUnknown = true
                nodes.answered(node)
            case .outcomeUnknown:
                isUnknown = true
                nodes.fellSilent(node, since: began)
            case .nobodyAnswers:
                nodes.fellSilent(node, since: began)
            // The client asked what kind of node this is, and the node was too busy to say.
            case .notThisAPI: break
            case .refused, .notPermitted, .noSecureConnection, .notSupported, .changeEnded, .planOutdated:
                return .some("\(error)")
            }
            guard ContinuousClock.now < start + .seconds(Self.requestSecondsMax), tries < Self.triesMax else {
                return .some("\(error)")
            }
            if tried.count == nodes.count {
                tried = []
                try? await Task.sleep(for: .milliseconds(Self.pauseMilliseconds))
            }
        }
    }

    /// The most tries of one request. Quick refusals count too, so that a cluster that serves nobody is asked only so
    /// often.
    private static let triesMax = 64

    private mutating func preferred(_ now: Instant) -> Int {
        if let away, now < away.until { return away.node }
        away = nil
        return home
    }

    private mutating func ask(
        _ client: ClusterClient, _ key: String, _ value: JSONText?, isUnknown: Bool
    ) async throws(ClientError) -> String? {
        guard let value else {
            let answer = try await client.get(key, context: context)
            context = answer.context
            return memory.problem(answer, of: key)
        }
        let answer = try await client.put(key, value: value, context: context)
        context = answer.context
        if !answer.mayComeTwice, !isUnknown { memory.wasWritten(value, to: key) }
        return nil
    }
}

/// The nodes as the clients of the traffic reach them. All clients share what one of them learns of a silent node.
final class TrafficNodes: Sendable {
    /// One client per node and patience. Each asks its node alone, and once; the next node to ask is decided here.
    private let clients: [[ClusterClient]]
    private let routes: Locked<TrafficRoutes>

    init(_ nodes: [NodeAddress], transport: NodeTransport) {
        clients = nodes.map { node in
            TrafficClient.patiencesMilliseconds.map { milliseconds in
                var configuration = ClusterClient.Configuration()
                configuration.timeoutMilliseconds = milliseconds
                configuration.roundsMax = 1
                return ClusterClient(nodes: [node], transport: transport, configuration: configuration)
            }
        }
        routes = Locked(TrafficRoutes(nodes: nodes.count))
    }

    var count: Int { clients.count }

    func client(_ node: Int, patience: Int) -> ClusterClient {
        clients[node][min(patience, TrafficClient.patiencesMilliseconds.count - 1)]
    }

    func choose(from preferred: Int, without tried: Set<Int>) -> Int {
        routes.withLock { $0.choose(from: preferred, without: tried, now: .now) }
    }

    func answered(_ node: Int) { routes.withLock { $0.answered(node, now: .now) } }

    func fellSilent(_ node: Int, since began: ContinuousClock.Instant) {
        routes.withLock { $0.fellSilent(node, since: began, now: .now) }
    }
}
