/// The other nodes that this one knows, up or down.
struct Peers: Sendable {
    private var known: [NodeAddress: Peer] = [:]
    /// Their addresses, sorted: the order in which anything is done for all of them.
    private(set) var addresses: [NodeAddress] = []

    var count: Int { known.count }
    var all: some Collection<Peer> { known.values }

    subscript(node: NodeAddress) -> Peer? { known[node] }

    /// - Returns: false for one that is known.
    mutating func add(_ node: NodeAddress, _ now: Instant) -> Bool {
        guard known[node] == nil else { return false }
        known[node] = Peer(address: node, now: now)
        addresses = known.keys.sorted()
        return true
    }

    /// Takes the place of what was known of it.
    mutating func set(_ peer: Peer) {
        assert(known[peer.address] != nil, "\(peer.address) was never added")
        known[peer.address] = peer
    }

    /// Nothing for one that is not known.
    mutating func update(_ node: NodeAddress, _ change: (inout Peer) -> Void) {
        guard var peer = known[node] else { return }
        change(&peer)
        assert(peer.address == node, "the knowledge of \(node) is put under \(peer.address)")
        known[node] = peer
    }

    /// Forgets what all said of the epoch in force: another one begins.
    mutating func beginEpoch() {
        for node in addresses { update(node) { $0.beginEpoch() } }
    }

    /// A mistake that is planted: it is left out of all that is done for all.
    mutating func ignore(_ node: NodeAddress) { addresses.removeAll { $0 == node } }
}
