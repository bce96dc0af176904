/// The part of a replica's state that belongs to one epoch: the next one begins with none of it.
struct EpochState: Sendable {
    /// The writes that this node covers, of its own shard only.
    private(set) var vector: VersionVector
    /// The deletions whose tombstones this node has forgotten.
    var collected: VersionVector
    /// For replication.
    var own = OwnWrites()
    /// Replication that may not be covered yet, because something before it is missing.
    var pending: [Replication] = []
    var catchUp: CatchUp?
    var elsewhere = WritesElsewhere()
    /// Known by their numbers in the store, which a switch of the layout keeps.
    var uncovered: UncoveredSlots

    /// - Parameter uncovered: what came of the switch.
    init(
        vector: VersionVector = VersionVector(), collected: VersionVector = VersionVector(),
        uncovered: UncoveredSlots = UncoveredSlots()
    ) {
        (self.vector, self.collected, self.uncovered) = (vector, collected, uncovered)
    }

    /// An own write is covered at once.
    mutating func cover(_ dot: Dot) {
        assert(dot.counter == own.count, "own write \(dot.counter) is covered as number \(own.count)")
        vector.raise(dot)
    }

    /// Of what others wrote nothing is ever uncovered again.
    mutating func cover(_ reach: VersionVector) { vector.merge(reach) }
}
