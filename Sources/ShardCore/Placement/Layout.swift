/// The way in which the nodes of a layout came to their shards.
public enum NodePlacement: String, Sendable, Codable {
    /// By hash under the layout's seed, which gave every shard two or more.
    case hashed
    /// Dealt round the shards in the order of their hashes, because the seed search reached its cap.
    case dealt
    /// Hashed or dealt once, and changed since by adding or removing single members.
    case edited
}

/// The assignment of nodes and keys to shards in one epoch.
public struct Layout: Hashable, Sendable {
    /// The number of the layout; the founding layout is 1, and 0 stands for a node that has none yet.
    public let epoch: UInt64
    /// The seed under which keys are hashed.
    public let seed: UInt64
    public let placement: NodePlacement
    /// The members of each shard, each list sorted by address.
    public let shards: [[NodeAddress]]
    private let shardOfNode: [NodeAddress: Int]

    public init(epoch: UInt64, seed: UInt64, placement: NodePlacement, shards: [[NodeAddress]]) {
        self.epoch = epoch
        self.seed = seed
        self.placement = placement
        self.shards = shards.map { $0.sorted() }
        var shardOfNode: [NodeAddress: Int] = [:]
        for (shard, members) in shards.enumerated() {
            for member in members { shardOfNode[member] = shard }
        }
        self.shardOfNode = shardOfNode
    }

    /// The layout of a node that nobody has placed yet.
    public static let none = Layout(epoch: 0, seed: 0, placement: .hashed, shards: [])

    public var shardCount: Int { shards.count }

    /// All members, sorted by address.
    public var members: [NodeAddress] { shards.joined().sorted() }

    /// True if every shard has a member: the least that can be put into force.
    var hasMembers: Bool { !shards.isEmpty && !shards.contains(where: \.isEmpty) }

    public func shard(of node: NodeAddress) -> Int? {
        // Comparing with a few addresses is cheaper than hashing one.
        shardOfNode.count <= 16 ? shards.lastIndex { $0.contains(node) } : shardOfNode[node]
    }

    /// The shard of `key`. A layout without shards owns no key and must not be asked.
    public func shard(ofKey key: String) -> Int {
        ShardHash.shard(of: key, seed: seed, count: shards.count)
    }
}
