import HostSystem

/// How the files that this process may open are shared out among a demo's nodes and the connections to them.
struct FileBudget {
    /// For everything that is not a node's: the terminal, the event loops, a recording, what the system libraries open.
    private static let own = 56
    /// A claim on its port and a watch on its process, and what starting one takes for a moment.
    private static let perNode = 3
    /// The dashboard and the clients have connections of their own to each node: who waits in one keeps the other free.
    private static let transports = 2
    private static let connectionsMax = 64

    let nodes: Int
    var limit = FileLimit.current

    /// What it takes with one connection of each kind to a node, and so the least.
    var needed: Int { Self.own + nodes * (Self.perNode + Self.transports) }

    /// At most so many of the dashboard, and as many of the clients, to one node.
    var connectionsPerNode: Int {
        let free = limit - Self.own - nodes * Self.perNode
        return max(1, min(Self.connectionsMax, free / (Self.transports * max(1, nodes))))
    }

    /// - Throws: where the nodes are too many for this process.
    func check() throws(Failure) {
        if limit < needed { throw failure }
    }

    var failure: Failure {
        var enough = 256
        while enough < needed * 2 { enough *= 2 }
        return Failure(
            .failed,
            "this process may open \(limit) files, and a demo of \(Words.plural(nodes, "node")) needs about \(needed): "
                + "allow more with 'ulimit -n \(enough)', or start fewer nodes")
    }
}
