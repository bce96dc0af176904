import HostSystem

/// Shares out the files that this process may open among a demo's nodes and the connections to them.
struct FileBudget {
    /// The files that belong to no node: the terminal, the event loops, a recording, and what the system libraries
    /// open.
    private static let own = 56
    /// The claim on a node's port, the watch on its process, and the file that starting one takes for a moment.
    private static let perNode = 3
    /// The dashboard and the clients have separate connections to each node, so that a wait in one never blocks the
    /// other.
    private static let transports = 2
    private static let connectionsMax = 64

    let nodes: Int
    var limit = FileLimit.current

    /// The least number of files: with one connection of each kind to a node.
    var needed: Int { Self.own + nodes * (Self.perNode + Self.transports) }

    /// The most connections to one node for the dashboard; the clients get as many.
    var connectionsPerNode: Int {
        let free = limit - Self.own - nodes * Self.perNode
        return max(1, min(Self.connectionsMax, free / (Self.transports * max(1, nodes))))
    }

    /// - Throws: ``Failure`` if the nodes are too many for this process.
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
