/// Which faults a run may have.
public enum Profile: String, Sendable, CaseIterable {
    /// Reshards and nothing else: no request may be refused for it, and no write may be lost.
    case reshard
    /// Two changes of the layout at once, or one right after the other.
    case rivals
    /// Nodes added to shards, removed and put back.
    case membership
    /// The coordinator dies after some of the messages of each kind.
    case coordinator
    /// The coordinator dies in the middle of the decision and comes back empty, while some nodes are cut off and
    /// others begin another change.
    case decision
    /// Messages lost, doubled, late and overtaken.
    case lossy
    /// Groups cut off, links cut one way or one by one, views that flap.
    case partition
    /// Nodes killed without their disk, and started again.
    case crash
    /// Nodes that stop for a while and go on as if nothing had been.
    case pause
    /// Wall clocks that are off, and jump.
    case clock
    /// All of it together.
    case everything
}
