import ShardCore
import ShardWire

/// The groups of answering nodes that hear one another.
///
/// Nodes that hear one another, directly or through others, are a group. The largest group is the cluster, and a node
/// outside it is cut off: a majority's word against one's. If the largest groups are of one size, none is the cluster.
struct Hearing: Equatable, Sendable {
    /// The groups, the largest first; only one if all is well.
    let groups: [Set<NodeAddress>]

    /// True if no group is larger than every other.
    var isSplit: Bool { groups.count > 1 && groups[0].count == groups[1].count }

    /// The nodes that are cut off: all of them in a split.
    var apart: Set<NodeAddress> { Set(groups.dropFirst(isSplit ? 0 : 1).joined()) }

    /// - Parameter states: the states of all nodes that answer.
    init(_ states: [ReplicaStatus]) {
        // A node that starts or stops is not heard for that reason.
        let settled = states.filter { $0.state == .serving || $0.state == .joiner }
        let nodes = Set(settled.map(\.address))
        var deaf: [NodeAddress: Set<NodeAddress>] = [:]
        for state in settled {
            for peer in state.peers where peer.health == .down && nodes.contains(peer.address) {
                deaf[state.address, default: []].insert(peer.address)
                deaf[peer.address, default: []].insert(state.address)
            }
        }
        guard !deaf.isEmpty else {
            groups = nodes.isEmpty ? [] : [nodes]
            return
        }
        var rest = nodes
        var found: [Set<NodeAddress>] = []
        while let first = rest.min() {
            rest.remove(first)
            var group: Set = [first]
            var open = [first]
            while let node = open.popLast() {
                let heard = rest.subtracting(deaf[node] ?? [])
                rest.subtract(heard)
                group.formUnion(heard)
                open += heard
            }
            found.append(group)
        }
        // Groups of one size stay in the order in which they were found, which is that of their addresses.
        groups = found.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .map(\.element)
    }
}
