/// A node's answer to one that speaks under another cluster's id.
public struct ClusterNotice: Hashable, Sendable {
    /// The sender's settings; nil if it did not found its cluster, or does not know them any more.
    public let founding: FoundingSettings?
    public let state: ServingState
    /// True if the receiver is a member of the layout in force at the sender.
    public let countsReceiver: Bool

    public init(founding: FoundingSettings?, state: ServingState, countsReceiver: Bool) {
        self.founding = founding
        self.state = state
        self.countsReceiver = countsReceiver
    }
}
