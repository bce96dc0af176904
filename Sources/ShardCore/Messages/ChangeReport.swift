/// The state of a change of the layout, as facts: the figures, what it waits for, and why it failed. The words are made
/// where it is told, and put into the figures' own places for them.
public struct ChangeReport: Hashable, Sendable {
    public var progress: ReshardProgress
    /// Nil if the change moves.
    public var awaited: Awaited?
    /// Nil while it has not failed.
    public var refusal: Refusal?

    public init(_ progress: ReshardProgress) { self.progress = progress }
}

/// Something that a change of the layout waits for.
public enum Awaited: Hashable, Sendable {
    case promises([NodeAddress])
    /// The nodes are to learn of the votes that they gave before they started again.
    case votes([NodeAddress])
    case keys(shard: Int, source: NodeAddress)
    case confirmation(NodeAddress)
    case layoutSwitch(NodeAddress)
}

/// The reason why a change of the layout, or one attempt at it, came to nothing.
public enum ChangeFailure: Hashable, Sendable {
    case aborted
    /// The node is up and does not promise.
    case noPromise(NodeAddress)
    case overtaken
    case wentDown([NodeAddress])
    /// A change that was forced without the node would leave behind what it takes.
    case cameBack(NodeAddress)
    case tookNoPart(NodeAddress)
    case isBoundHigher(NodeAddress)
    case didNotFreeze(NodeAddress)
    case didNotBecomeEqual
    case lastChangesLate
    case tooFewAccepted
    /// Another change that may have been decided was finished instead.
    case earlierFirst
    /// A dry run only: a shard did not answer, or the layout changed under it.
    case planUnanswered
    /// A dry run only.
    case keysNotCounted
}
