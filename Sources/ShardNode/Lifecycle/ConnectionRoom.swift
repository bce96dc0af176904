import HostSystem

/// How many connections of clients a node takes, so that its process never comes to its limit of open files: there even
/// what the system libraries open for themselves fails, and some of those end the process then.
struct ConnectionRoom: Equatable {
    /// For everything that is no connection: the loops, the log, the database's files, what is open for a moment.
    private static let files = 48
    /// To each peer, and from it.
    private static let perPeer = 2
    /// Connections above the cap that are still heard: a peer is let in, a client is told to come back later.
    private static let graceMax = 256
    private static let clientsMin = 16

    /// Of clients, and of others that have not said yet that they are peers.
    let connectionsMax: Int
    let graceMax: Int
    /// In words where the limit is too low for the node's view; nil where it is not.
    let warning: String?

    /// - Parameters:
    ///   - wanted: connections of clients.
    ///   - peers: nodes in the view.
    ///   - limit: files that the process may open.
    init(wanted: Int, peers: Int, limit: Int) {
        let fixed = Self.files + peers * Self.perPeer
        let free = limit - fixed
        graceMax = max(Self.clientsMin, min(Self.graceMax, free / 4))
        connectionsMax = max(Self.clientsMin, min(wanted, free - graceMax - limit / 8))
        let needed = fixed + 3 * Self.clientsMin
        warning =
            limit < needed
            ? "this process may open \(limit) files, and \(peers) nodes need about \(needed); raise it, as with "
                + "'ulimit -n \(needed * 2)'"
            : nil
    }
}
