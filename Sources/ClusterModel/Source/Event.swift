/// Something that happened, as somebody saw it.
public struct Event: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable {
        case nodeUp, nodeDown, nodeAdded, nodeRemoved, memberAdded
        case reshardStarted, reshardPhase, reshardDone, reshardFailed
        case clusterFounded, serving, catchingUp, layoutAdopted, handedOn, warning
        /// Nothing is wrong, and an operator wants to know all the same.
        case notice
        /// A replica became the primary.
        case failover
        /// Slots have another owner, or are on their way.
        case slotsMoved
    }

    /// Since 1970, by the clock of who saw it.
    public var milliseconds: UInt64
    public var kind: Kind
    /// The node that it is about.
    public var node: MemberID?
    public var text: String
    /// The node that saw it; nil for this program.
    public var recordedBy: MemberID?
    /// Counts those of one who saw, from 1; 0 if nobody counts.
    public var sequence: UInt64

    public init(
        milliseconds: UInt64, kind: Kind, node: MemberID? = nil, text: String, recordedBy: MemberID? = nil,
        sequence: UInt64 = 0
    ) {
        self.milliseconds = milliseconds
        self.kind = kind
        self.node = node
        self.text = text
        self.recordedBy = recordedBy
        self.sequence = sequence
    }
}
