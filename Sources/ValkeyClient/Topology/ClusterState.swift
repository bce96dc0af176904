/// The state of a cluster by one node's answer to `CLUSTER INFO`. Cheap to ask, and the same of all nodes that agree.
public struct ClusterState: Hashable, Sendable {
    /// False if the node serves no keys (`cluster_state:fail`).
    public var isOK: Bool
    public var slotsAssigned: Int?
    public var slotsSuspected: Int?
    public var slotsFailed: Int?
    public var knownNodes: Int?
    /// Primaries with slots.
    public var size: Int?
    public var currentEpoch: UInt64?
    public var ownEpoch: UInt64?

    private static let names = InfoText.Names([
        "cluster_state", "cluster_slots_assigned", "cluster_slots_pfail", "cluster_slots_fail", "cluster_known_nodes",
        "cluster_size", "cluster_current_epoch", "cluster_my_epoch",
    ])

    /// Nil if it is no such answer.
    public init?(_ text: [UInt8]) {
        let info = InfoText(text, Self.names)
        guard let state = info.text("cluster_state") else { return nil }
        isOK = state == "ok"
        slotsAssigned = info.integer("cluster_slots_assigned")
        slotsSuspected = info.integer("cluster_slots_pfail")
        slotsFailed = info.integer("cluster_slots_fail")
        knownNodes = info.integer("cluster_known_nodes")
        size = info.integer("cluster_size")
        currentEpoch = info.count("cluster_current_epoch")
        ownEpoch = info.count("cluster_my_epoch")
    }
}
