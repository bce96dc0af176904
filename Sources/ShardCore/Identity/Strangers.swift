/// The nodes of other clusters that spoke to this node, or were met where it expects its own cluster.
struct Strangers: Sendable {
    struct Stranger: Sendable {
        let address: NodeAddress
        var cluster: ClusterID
        /// The settings that it founded its cluster with; nil as long as it has not said.
        var founding: FoundingSettings?
        var heardMicroseconds: UInt64
        fileprivate var notice = Pause(milliseconds: 1_000)
    }

    private var known: [NodeAddress: Stranger] = [:]

    var isEmpty: Bool { known.isEmpty }

    subscript(node: NodeAddress) -> Stranger? { known[node] }

    /// Sorted by address.
    var all: [Stranger] { known.values.sorted { $0.address < $1.address } }

    /// - Returns: true if this is news: it was not known to belong there.
    mutating func hear(_ node: NodeAddress, of cluster: ClusterID, _ now: Instant) -> Bool {
        guard var stranger = known[node] else {
            guard known.count < Bounds.nodesMax else { return false }
            known[node] = Stranger(
                address: node, cluster: cluster, founding: nil, heardMicroseconds: now.monotonicMicroseconds)
            return true
        }
        let isNews = stranger.cluster != cluster
        if isNews { (stranger.cluster, stranger.founding) = (cluster, nil) }
        stranger.heardMicroseconds = now.monotonicMicroseconds
        known[node] = stranger
        return isNews
    }

    /// - Returns: true if this is news.
    mutating func note(_ founding: FoundingSettings, of node: NodeAddress) -> Bool {
        guard let stranger = known[node], stranger.founding != founding else { return false }
        known[node]?.founding = founding
        return true
    }

    /// Whether `node` is due to be told again that it speaks to another cluster; once a second at most.
    mutating func isNoticeDue(to node: NodeAddress, _ now: Instant) -> Bool {
        known[node]?.notice.end(now) ?? false
    }

    /// Forgets the nodes that were not heard for a minute: they may be gone, and nothing follows from what they were.
    mutating func prune(_ now: Instant) {
        known = known.filter { !now.hasPassed(60_000, since: $0.value.heardMicroseconds) }
    }

    /// Forgets a node that turned out to belong here.
    mutating func forget(_ node: NodeAddress) { known[node] = nil }
}
