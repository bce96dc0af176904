/// Orders the proposals for one epoch.
public struct Ballot: Hashable, Comparable, Sendable {
    public let round: UInt64
    public let node: NodeAddress
    public let incarnation: UInt64

    public init(round: UInt64, node: NodeAddress, incarnation: UInt64) {
        self.round = round
        self.node = node
        self.incarnation = incarnation
    }

    public static func < (left: Self, right: Self) -> Bool {
        if left.round != right.round { return left.round < right.round }
        if left.node != right.node { return left.node < right.node }
        return left.incarnation < right.incarnation
    }
}

/// The proposal that a voter accepted last.
public struct Accepted: Hashable, Sendable {
    public let ballot: Ballot
    public let record: EpochRecord

    public init(ballot: Ballot, record: EpochRecord) {
        self.ballot = ballot
        self.record = record
    }
}
