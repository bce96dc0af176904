/// One node's own view of its cluster, as in its answer to `CLUSTER NODES`. It may differ from others'.
public struct NodesView: Hashable, Sendable {
    /// The node whose view it is.
    public let myself: NodeID
    /// Everyone whom it knows, itself too, in the order in which it names them.
    public let nodes: [Node]
    /// Slots that it has open itself. Of others' it knows nothing.
    public let openSlots: [OpenSlot]

    /// A node as the view has it.
    public struct Node: Hashable, Sendable, Identifiable {
        public let id: NodeID
        public internal(set) var endpoint: Endpoint
        public let flags: Flags
        /// The primary that it is a replica of; nil of a primary, and of a replica whose primary is not known.
        public let primary: NodeID?
        public let epoch: UInt64
        /// False while the one who says it has no bus link to the node.
        public let isLinkUp: Bool
        public let slots: SlotSet

        public var isReplica: Bool { flags.contains(.replica) }
        public var isPrimary: Bool { flags.contains(.primary) }
    }

    /// The ways in which a node can be reached.
    public struct Endpoint: Hashable, Sendable {
        /// The host's address without brackets; nil if it is not known, as of a node that has met nobody yet.
        public internal(set) var host: String?
        /// Nil if it is not known (`noaddr`).
        public let port: Int?
        /// Of the bus; nil if it is not known.
        public let busPort: Int?
        /// The host name that it announces besides, as certificates need it.
        public let hostName: String?
        /// A name for people (`nodename`), and whatever else stands there as `name=value`.
        public let facts: [String: String]

        /// The host's address and port; nil if one of them is not known.
        public var address: ServerAddress? {
            guard let host, let port else { return nil }
            return ServerAddress(host: host, port: port)
        }
    }

    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        public static let myself = Flags(rawValue: 1)
        public static let primary = Flags(rawValue: 2)
        public static let replica = Flags(rawValue: 4)
        /// `fail?`: this node does not reach it.
        public static let suspected = Flags(rawValue: 8)
        /// `fail`: a majority of primaries has agreed on that.
        public static let failed = Flags(rawValue: 16)
        public static let handshake = Flags(rawValue: 32)
        public static let noAddress = Flags(rawValue: 64)
        public static let noFailover = Flags(rawValue: 128)
    }

    /// A slot on its way from one node to another.
    public struct OpenSlot: Hashable, Sendable {
        public enum Direction: Hashable, Sendable {
            /// Its owner has it open towards the other.
            case migrating
            /// The other takes keys of it in.
            case importing
        }

        public let slot: HashSlot
        public let direction: Direction
        /// The node that it goes to or comes from.
        public let other: NodeID

        public init(slot: HashSlot, direction: Direction, other: NodeID) {
            self.slot = slot
            self.direction = direction
            self.other = other
        }
    }

    /// The node itself as it sees itself.
    public var own: Node? { nodes.first { $0.id == myself } }
}
