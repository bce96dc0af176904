import ClusterModel

/// The keys that the nodes of a future shard hold already: those that they had before, and those copied to them.
struct Holdings: Equatable, Sendable {
    struct Holding: Equatable, Sendable {
        var member: MemberID
        /// The shard that holds all that the node lacks; nil if several do.
        var source: ShardID?
        /// Keys that the node brings along from its old shard.
        var had: Int
        /// All keys of its future shard.
        var total: Int
        /// The confirmed share of the keys that it lacked, 0 ... 1.
        var copied: Double

        var hadFraction: Double { total > 0 ? min(1, Double(had) / Double(total)) : 0 }
        var fraction: Double { hadFraction + (1 - hadFraction) * copied }
    }

    /// The nodes by their future shard, in the order of the shards' ids.
    let shards: [(id: ShardID, nodes: [Holding])]
    /// Keys that change shard, and those that stay in theirs.
    let moving: Int
    let staying: Int

    /// All copies of the new layout, and those that were there before; nil until it is known who gets which keys.
    var copies: (all: Int, had: Int)? {
        let nodes = shards.flatMap(\.nodes)
        guard !nodes.isEmpty else { return nil }
        return (nodes.reduce(0) { $0 + $1.total }, nodes.reduce(0) { $0 + $1.had })
    }

    init(_ change: Change) {
        var planned: [ShardID: [ShardID: Int]] = [:]
        for pair in change.pairs { planned[pair.to, default: [:]][pair.from, default: 0] += pair.planned }
        (moving, staying) = (change.pairs.moving, change.pairs.staying)
        var nodes: [ShardID: [Holding]] = [:]
        for part in change.parts {
            guard let to = part.to else { continue }
            let into = planned[to] ?? [:]
            let sources = into.filter { $0.key != part.from && $0.value > 0 }.map(\.key)
            nodes[to, default: []].append(
                Holding(
                    member: part.member, source: sources.count == 1 ? sources[0] : nil,
                    had: part.from.flatMap { into[$0] } ?? 0, total: into.values.reduce(0, +),
                    // A node that lacks nothing is complete only once it is known what its shard gets.
                    copied: part.planned > 0
                        ? min(1, Double(part.confirmed) / Double(part.planned)) : into.isEmpty ? 0 : 1))
        }
        shards = nodes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.moving == right.moving && left.staying == right.staying
            && left.shards.elementsEqual(right.shards) { $0 == $1 }
    }
}
