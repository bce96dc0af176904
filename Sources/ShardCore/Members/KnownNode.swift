/// A node that the cluster knows, and the last decision about it.
public struct KnownNode: Hashable, Sendable {
    public let address: NodeAddress
    public let isRemoved: Bool
    /// Orders decisions about one node: the later one counts. 0 for a node that only announced itself.
    public let decidedAt: UInt64
    /// The incarnation that a removal holds for; a later start is welcome again. 0 for unknown.
    public let incarnation: UInt64

    public init(address: NodeAddress, isRemoved: Bool, decidedAt: UInt64, incarnation: UInt64) {
        self.address = address
        self.isRemoved = isRemoved
        self.decidedAt = decidedAt
        self.incarnation = incarnation
    }
}
