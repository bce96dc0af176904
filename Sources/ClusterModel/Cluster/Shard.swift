/// One part of the keys, and the nodes that hold it.
public struct Shard: Codable, Hashable, Sendable {
    public var id: ShardID
    /// Of primaries and replicas the primary first.
    public var members: [Member]
    /// The most that any member that answers holds; nil if none tells.
    public var keys: Int?
    /// False while the counts of members that should hold the same differ.
    public var isEven: Bool
    /// Its slots, where the placement has any.
    public var slots: Int?
    /// The trouble of the shard itself, beside its members': "no replica".
    public var note: String?

    public init(id: ShardID, members: [Member], keys: Int? = nil, isEven: Bool = true) {
        self.id = id
        self.members = members
        self.keys = keys
        self.isEven = isEven
    }

    /// Of a shard that no member is known of, nothing is known.
    public var isDown: Bool { !members.isEmpty && members.allSatisfy(\.condition.isBad) }
    /// False if no member tells what it serves.
    public var tellsTraffic: Bool { members.contains { $0.allOperationsPerSecond != nil } }
    /// False if the members tell all operations together, or none.
    public var tellsReads: Bool {
        members.contains { $0.readsPerSecond != nil } || !members.contains { $0.operationsPerSecond != nil }
    }
    public var readsPerSecond: Double { members.reduce(0) { $0 + ($1.readsPerSecond ?? 0) } }
    public var writesPerSecond: Double { members.reduce(0) { $0 + ($1.writesPerSecond ?? 0) } }
    /// Of primaries and replicas those of the primary: what a replica counts is mostly what it copies.
    public var operationsPerSecond: Double {
        members.reduce(0) { $0 + ($1.role == .replica ? 0 : $1.allOperationsPerSecond ?? 0) }
    }
}
