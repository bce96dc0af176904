/// What a node tells one that speaks under another cluster's id.
public struct ClusterNotice: Hashable, Sendable {
    /// What the sender was given; nil where it did not found its cluster, or does not know any more.
    public let founding: FoundingSettings?
    public let state: ServingState
    /// True where the layout in force at the sender has the receiver as a member.
    public let countsReceiver: Bool

    public init(founding: FoundingSettings?, state: ServingState, countsReceiver: Bool) {
        self.founding = founding
        self.state = state
        self.countsReceiver = countsReceiver
    }
}
