import ShardCore

extension Wait: CustomStringConvertible {
    /// For operators: what it waits for, and what they can do.
    public var description: String {
        switch self {
        case .conflict(let node, let difference):
            if let difference {
                "\(node), which was started with \(difference): founders with different settings do not found a cluster; "
                    + "stop the one that is wrong, and start it with the same"
            } else {
                "\(node), which belongs to another cluster: stop the node there, or take its address out of VIEW"
            }
        case .answers(let nodes): "an answer of \(Self.list(nodes))"
        case .fetch(let node, let records): "its shard's data: \(records) entries came from \(node) so far"
        case .data(let nodes):
            "\(Self.list(nodes)), which may have its shard's data: start it; where it is gone for good, start an empty "
                + "node at its address"
        case .quiet(let nodes): "the word of \(Self.list(nodes)) that no change of the layout is open there"
        case .cluster(let nodes):
            nodes.isEmpty
                ? "a cluster: none has spoken to it; add it from a node of one, with PUT view"
                : "a cluster: of its VIEW, \(Self.list(nodes)) did not say that it belongs to one"
        case .members(let nodes):
            "the members of its cluster, \(Self.list(nodes)): start them; where that cluster is gone for good, stop this "
                + "node, empty its data directory, and start it with the addresses of the one that it is to join in VIEW"
        case .twin: "nothing: another process runs under its address; stop one of the two"
        }
    }

    private static func list(_ nodes: [NodeAddress]) -> String {
        let shown = nodes.prefix(4).map(\.description).joined(separator: ", ")
        return nodes.count > 4 ? "\(shown) and \(nodes.count - 4) more" : shown
    }
}
