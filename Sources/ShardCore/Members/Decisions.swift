/// The decisions of operators about nodes. Of two about one node the later one counts, whoever brings it.
struct Decisions: Sendable {
    private var known: [NodeAddress: KnownNode] = [:]
    /// The time when the list of nodes last changed here: for a while it goes with every heartbeat.
    private(set) var changedMicroseconds: UInt64

    init(_ now: Instant) { changedMicroseconds = now.monotonicMicroseconds }

    subscript(node: NodeAddress) -> KnownNode? { known[node] }

    /// Sorted by address.
    var all: [KnownNode] { known.isEmpty ? [] : known.values.sorted { $0.address < $1.address } }

    func isNews(_ node: KnownNode) -> Bool { node.decidedAt > known[node.address]?.decidedAt ?? 0 }

    mutating func set(_ node: KnownNode, _ now: Instant) {
        known[node.address] = node
        noteChange(now)
    }

    /// A node became known.
    mutating func noteChange(_ now: Instant) { changedMicroseconds = now.monotonicMicroseconds }

    mutating func restore(_ nodes: [KnownNode]) {
        assert(known.isEmpty, "what a disk holds goes before all that is heard")
        for node in nodes { known[node.address] = node }
    }
}
