/// Chooses the node that a client asks: its own, unless that one has fallen silent.
///
/// All clients share what one of them learns: a silent node is left alone for a while, and then one client tries it
/// again.
struct TrafficRoutes {
    typealias Instant = ContinuousClock.Instant

    private static let avoidance = Duration.seconds(2)

    private struct Node {
        /// The time of its last answer to any client.
        var heard: Instant?
        /// Set while it is silent.
        var avoidedUntil: Instant?
        /// True while one client tries a silent node again.
        var isTried = false
    }

    private var nodes: [Node]

    init(nodes: Int) { self.nodes = Array(repeating: Node(), count: nodes) }

    /// The first node from `preferred` on that is not silent. If all are silent or were tried, the next untried one all
    /// the same.
    mutating func choose(from preferred: Int, without tried: Set<Int>, now: Instant) -> Int {
        let order = nodes.indices.map { (preferred + $0) % nodes.count }
        for node in order where !tried.contains(node) {
            guard let until = nodes[node].avoidedUntil else { return node }
            if until <= now, !nodes[node].isTried {
                nodes[node].isTried = true
                return node
            }
        }
        return order.first { !tried.contains($0) } ?? preferred
    }

    /// Notes that a node answered, whatever it said.
    mutating func answered(_ node: Int, now: Instant) { nodes[node] = Node(heard: now) }

    /// Notes that a node did not answer a request begun at `began`. If it has answered another one since, the request
    /// waits for something that no node can do for it now, and the node is not silent.
    mutating func fellSilent(_ node: Int, since began: Instant, now: Instant) {
        if let heard = nodes[node].heard, heard > began { return }
        nodes[node].avoidedUntil = now + Self.avoidance
        nodes[node].isTried = false
    }
}
