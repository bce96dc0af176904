/// The cluster as several nodes see it together.
///
/// Of itself each node knows best: the slots that a node claims which was asked are its own, and what others think of it
/// is only a disagreement. Of nodes that were not asked counts what the others say. Where two claim a slot, the one
/// with the higher epoch has it, as among the servers.
public struct Topology: Hashable, Sendable {
    /// Every node that anybody names, by id.
    public private(set) var nodes: [NodeID: Node] = [:]
    /// Slots that nobody has.
    public private(set) var uncovered = SlotSet.all
    /// Slots that two or more nodes claim for themselves.
    public private(set) var doublyOwned = SlotSet()
    /// Slots that are open at any node, and how.
    public private(set) var openSlots: [HashSlot: Opening] = [:]
    /// Slots that a replica still has open and no primary has, by the replica: one of Valkey that was a primary and died in
    /// the middle of a move keeps them. They do no harm until it takes its primary's place.
    public private(set) var leftOpen: [NodeID: SlotSet] = [:]
    public private(set) var disagreements: [Disagreement] = []
    /// The nodes that were asked.
    public private(set) var viewers: [NodeID] = []

    public struct Node: Hashable, Sendable, Identifiable {
        public let id: NodeID
        public var endpoint: NodesView.Endpoint
        public var isReplica: Bool
        /// The primary that it is a replica of; nil of a primary, or where it is not known.
        public var primary: NodeID?
        public var epoch: UInt64
        public var slots = SlotSet()
        public var isFailed = false
        /// The nodes that do not reach it, where the cluster has not agreed that it failed.
        public var suspectedBy: [NodeID] = []
        /// It is known to somebody by a handshake that has not ended, and to nobody in full.
        public var isInHandshake = false

        public var address: ServerAddress? { endpoint.address }
    }

    /// A slot open at one or both ends.
    public struct Opening: Hashable, Sendable {
        /// The nodes that have it open towards another, each with that one.
        public var migrating: [End] = []
        /// The nodes that take it in, each with the one that it comes from.
        public var importing: [End] = []

        public struct End: Hashable, Sendable {
            public let node: NodeID
            public let other: NodeID
        }

        /// One node gives it, and the very one that it names takes it. Anything else is a move that stopped half-way.
        public var isWhole: Bool {
            guard let migrating = migrating.first, let importing = importing.first else { return false }
            return self.migrating.count == 1 && self.importing.count == 1 && migrating.node == importing.other
                && migrating.other == importing.node
        }
    }

    /// - Parameter views: one for each node that was asked; in any order.
    public init(merging views: [NodesView]) {
        let views = Dictionary(views.map { ($0.myself, $0) }) { first, _ in first }.values.sorted {
            $0.myself < $1.myself
        }
        viewers = views.map(\.myself)
        mergeNodes(views)
        mergeSlots(views)
        mergeOpenSlots(views)
        disagreements = Disagreement.all(views, merged: self)
    }

    /// True if both tell the same of the cluster, whoever was asked.
    func tellsTheSame(as other: Self) -> Bool {
        var copy = self
        copy.viewers = other.viewers
        return copy == other
    }

    /// The owner of a slot; nil if nobody has it.
    public func owner(of slot: HashSlot) -> Node? { nodes.values.first { $0.slots.contains(slot) } }

    /// All primaries, those without slots too, in the order of their ids.
    public var primaries: [Node] { nodes.values.filter { !$0.isReplica }.sorted { $0.id < $1.id } }

    /// The replicas of a primary, in the order of their ids.
    public func replicas(of primary: NodeID) -> [Node] {
        nodes.values.filter { $0.isReplica && $0.primary == primary }.sorted { $0.id < $1.id }
    }

    /// The name of a node for people: its address, or the start of its id where no address is known.
    public func name(of id: NodeID) -> String { nodes[id]?.address?.description ?? "node \(id.short)" }
}

extension Topology {
    private mutating func mergeNodes(_ views: [NodesView]) {
        for view in views {
            for node in view.nodes {
                if node.flags.contains(.handshake) {
                    // Its id is made up until the handshake ends.
                    if nodes[node.id] == nil { nodes[node.id] = Node(node, isInHandshake: true) }
                    continue
                }
                let isOwnWord = node.id == view.myself
                if let known = nodes[node.id], !known.isInHandshake {
                    // A node that has met nobody does not know its own host, and `noaddr` knows of none.
                    if known.address == nil { nodes[node.id]?.endpoint = node.endpoint }
                    if isOwnWord || node.epoch > known.epoch { nodes[node.id]?.take(node, isOwnWord: isOwnWord) }
                } else {
                    nodes[node.id] = Node(node, isInHandshake: false)
                }
                if node.flags.contains(.failed), !isOwnWord { nodes[node.id]?.isFailed = true }
                if node.flags.contains(.suspected), !isOwnWord { nodes[node.id]?.suspectedBy.append(view.myself) }
            }
        }
        // The last word is each node's own, in whatever order they were asked.
        for view in views {
            if let own = view.own { nodes[own.id]?.take(own, isOwnWord: true) }
        }
        for (id, node) in nodes where node.isFailed { nodes[id]?.suspectedBy = [] }
    }

    private mutating func mergeSlots(_ views: [NodesView]) {
        let own = Dictionary(views.compactMap(\.own).map { ($0.id, $0.slots) }) { first, _ in first }
        var claims = own
        for view in views {
            for node in view.nodes where own[node.id] == nil && !node.slots.isEmpty {
                claims[node.id, default: SlotSet()].formUnion(node.slots)
            }
        }
        var claimed = SlotSet()
        for slots in own.values {
            doublyOwned.formUnion(claimed.intersection(slots))
            claimed.formUnion(slots)
        }
        let order = claims.keys.sorted { (nodes[$0]?.epoch ?? 0, $1) > (nodes[$1]?.epoch ?? 0, $0) }
        for id in order {
            guard let slots = claims[id]?.intersection(uncovered), !slots.isEmpty else { continue }
            nodes[id]?.slots = slots
            uncovered.subtract(slots)
        }
    }

    private mutating func mergeOpenSlots(_ views: [NodesView]) {
        // Replicas of Valkey know what their primary has open, and name it as if it were theirs.
        for view in views where view.own?.isReplica != true {
            for open in view.openSlots {
                let end = Opening.End(node: view.myself, other: open.other)
                switch open.direction {
                case .migrating: openSlots[open.slot, default: Opening()].migrating.append(end)
                case .importing: openSlots[open.slot, default: Opening()].importing.append(end)
                }
            }
        }
        let (open, askedOf) = (SlotSet(openSlots.keys), Set(views.map(\.myself)))
        for view in views {
            guard let own = view.own, own.isReplica, let primary = own.primary, askedOf.contains(primary) else {
                continue
            }
            let left = SlotSet(view.openSlots.map(\.slot)).subtracting(open)
            if !left.isEmpty { leftOpen[own.id] = left }
        }
    }
}

extension Topology.Node {
    init(_ node: NodesView.Node, isInHandshake: Bool) {
        self.init(
            id: node.id, endpoint: node.endpoint, isReplica: node.isReplica, primary: node.primary,
            epoch: node.epoch, isInHandshake: isInHandshake)
    }

    mutating func take(_ node: NodesView.Node, isOwnWord: Bool) {
        isReplica = node.isReplica
        primary = node.primary
        epoch = isOwnWord ? node.epoch : max(epoch, node.epoch)
        isInHandshake = false
    }
}
