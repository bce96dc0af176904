/// This node's part in changes of the layout: as a voter, as one that moves, and as the one that works for them.
struct Changing: Sendable {
    var acceptor: Acceptor
    var recovery: Recovery?
    var closing: ProposalClosing?

    var participation: Participation?
    /// Parts in operations that may have been decided without this node, until the epoch is known.
    var setAside: [Participation] = []

    var coordinator: Coordinator?
    /// The change that the coordinator works for.
    var change: Change?
    var lastAttempt: UInt64 = 0
    var lastReport: ChangeReport?

    /// True while this node takes part in no open change, not even with what it has set aside: it can bring no portion.
    var isOutsideChanges: Bool {
        participation == nil && setAside.isEmpty && acceptor.accepted == nil && coordinator == nil
    }

    /// True if nobody works at the next layout, as far as this node knows. Parts that are set aside may be left over.
    var isAtRest: Bool {
        acceptor.bound == nil && acceptor.accepted == nil && participation == nil && coordinator == nil
            && recovery == nil
    }

    init(_ acceptor: Acceptor) { self.acceptor = acceptor }
}
