/// Which node a client asks: its own, unless that one has fallen silent.
///
/// What one client finds out, all know: a silent node is left alone for a while, and then one of them tries it again.
struct TrafficRoutes {
    typealias Instant = ContinuousClock.Instant

    private static let avoidance = Duration.seconds(2)

    private struct Node {
        /// When it last said anything, to anybody.
        var heard: Instant?
        /// Set while it is silent.
        var avoidedUntil: Instant?
        /// True while one client tries a silent node again.
        var isTried = false
    }

    private var nodes: [Node]

    init(nodes: Int) { self.nodes = Array(repeating: Node(), count: nodes) }

    /// The first node from `preferred` on that is not silent; where all are, or were tried, the next one all the same.
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

    /// It answered, whatever it said.
    mutating func answered(_ node: Int, now: Instant) { nodes[node] = Node(heard: now) }

    /// It did not answer a request of that time. Where it answered another one since, it is the request that waits, for
    /// what no node can do for it now, and not the node.
    mutating func fellSilent(_ node: Int, since began: Instant, now: Instant) {
        if let heard = nodes[node].heard, heard > began { return }
        nodes[node].avoidedUntil = now + Self.avoidance
        nodes[node].isTried = false
    }
}
