import ClusterModel

/// What the nodes of a shard to be hold of it already: what they had before, and what was copied to them.
struct Holdings: Equatable, Sendable {
    struct Holding: Equatable, Sendable {
        var member: MemberID
        /// Keys that it brings along from the shard that it was in.
        var had: Int
        /// Keys of its shard to be.
        var total: Int
        /// Of what it lacked, how much it has confirmed, 0 ... 1.
        var copied: Double

        var hadFraction: Double { total > 0 ? min(1, Double(had) / Double(total)) : 0 }
        var fraction: Double { hadFraction + (1 - hadFraction) * copied }
    }

    /// By the shard to be, in the order of their ids.
    let shards: [(id: ShardID, nodes: [Holding])]
    /// Keys that change shard, and those that stay in theirs.
    let moving: Int
    let staying: Int

    /// All copies of the new layout, and those of them that were there before; nil before it is known who gets what.
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
            nodes[to, default: []].append(
                Holding(
                    member: part.member, had: part.from.flatMap { into[$0] } ?? 0, total: into.values.reduce(0, +),
                    // Nothing of nothing is all only where it is known what comes.
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
