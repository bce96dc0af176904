/// This node's part in changes of the layout: as a voter, as one that moves, and as the one that works for them.
struct Changing: Sendable {
    var acceptor: Acceptor
    var recovery: Recovery?
    var closing: Closing?

    var participation: Participation?
    /// Parts in operations that may have been decided without this node, until the epoch is known.
    var setAside: [Participation] = []

    var coordinator: Coordinator?
    /// What the coordinator works for.
    var change: Change?
    var lastAttempt: UInt64 = 0
    var lastReport: ChangeReport?

    init(_ acceptor: Acceptor) { self.acceptor = acceptor }
}
