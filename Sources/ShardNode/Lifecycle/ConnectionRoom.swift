import HostSystem

/// The number of client connections that a node takes, so that its process never reaches its limit of open files: there
/// even the system libraries can open nothing for themselves, and some of them end the process then.
struct ConnectionRoom: Equatable {
    /// Files for everything that is no connection: the loops, the log, the database, and files that are open for a
    /// moment.
    private static let files = 48
    /// Connections for each peer: one to it, and one from it.
    private static let perPeer = 2
    /// Connections above the cap that are still heard: a peer is let in, a client is told to come back later.
    private static let graceMax = 256
    private static let clientsMin = 16

    /// The most connections of clients, and of others that have not said yet that they are peers.
    let connectionsMax: Int
    let graceMax: Int
    /// The warning if the limit is too low for the node's view; nil if it is not.
    let warning: String?

    /// - Parameters:
    ///   - wanted: the number of client connections wanted.
    ///   - peers: the number of nodes in the view.
    ///   - limit: the number of files that the process may open.
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
