import ClusterModel

/// The basis of a plan: the primaries of a cluster, the slots and data of each, and its replicas.
struct Board: Sendable, Hashable {
    /// A primary with its replicas.
    struct Side: Sendable, Hashable, Identifiable {
        let id: NodeID
        let address: ServerAddress
        let shard: ShardID
        var slots: SlotSet
        var replicas: [Replica] = []
        /// Of its data; nil if it does not tell.
        var keys: Int?
        var bytes: Int?
        /// Nil for no bound, or not told.
        var bytesMax: Int?
        /// Program and version: "Valkey 9.1.2".
        var version: String?
        /// False for one that cannot be asked or that the others take for failed.
        var isUp = true
        /// Whether it becomes a replica of its own accord once its last slot is gone; nil if it does not tell.
        var followsItsSlots: Bool?
    }

    struct Replica: Sendable, Hashable, Identifiable {
        let id: NodeID
        let address: ServerAddress
        var isUp = true
    }

    /// In the order of their shards.
    var sides: [Side]
    /// Keys of each of the 16,384 slots; nil if none were counted.
    var slotKeys: [Int]?
    /// Slots whose keys were counted.
    var counted = SlotSet.all

    func side(_ id: NodeID) -> Side? { sides.first { $0.id == id } }

    /// By its name, or by the beginning of the id of one of its nodes, from four digits on: a shard may be called by another
    /// of its nodes elsewhere.
    ///
    /// Of a primary that is down, or has come back, and the replica that took its place the one with the most slots: both
    /// have the shard's name while a change is under way.
    func side(of shard: ShardID) -> Side? {
        let named = sides.filter { $0.shard == shard }
        if let most = named.max(by: { $0.slots.count < $1.slots.count }) {
            return named.first { $0.slots.count == most.slots.count }
        }
        guard shard.text.count >= 4 else { return nil }
        let known = sides.filter { side in
            ([side.id] + side.replicas.map(\.id)).contains { $0.description.hasPrefix(shard.text) }
        }
        return known.count == 1 ? known[0] : nil
    }

    /// Those that slots belong to.
    var owners: [Side] { sides.filter { !$0.slots.isEmpty } }

    /// Those without any slot.
    var spares: [Side] { sides.filter(\.slots.isEmpty) }

    var uncovered: SlotSet { sides.reduce(into: SlotSet.all) { $0.subtract($1.slots) } }

    /// Nil if not all of them were counted.
    func keys(in slots: SlotSet) -> Int? {
        guard let slotKeys, slots.isSubset(of: counted) else { return nil }
        return slots.reduce(0) { $0 + slotKeys[$1.number] }
    }

    /// Of all slots of a side, as far as it is known.
    func keys(of side: Side) -> Int? { keys(in: side.slots) ?? side.keys }

    /// About as many bytes as the slots take on the side, taking its keys to be of one size.
    func bytes(in slots: SlotSet, on side: Side) -> Int? {
        guard let bytes = side.bytes, let all = keys(of: side), let some = keys(in: slots) else { return nil }
        return all == 0 ? 0 : Int(Double(bytes) * Double(some) / Double(all))
    }
}

/// Slots that change hands, from one primary to another.
struct SlotMove: Sendable, Hashable {
    var slots: SlotSet
    let from: NodeID
    let to: NodeID
}

/// Why there is no plan for a goal, in words that a person can act on.
struct PlanRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence or two, with full stops between and none at the end.
    let description: String

    init(_ description: String) { self.description = description }
}
