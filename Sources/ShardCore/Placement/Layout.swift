/// How the nodes of a layout came to their shards.
public enum NodePlacement: String, Sendable, Codable {
    /// By hash under the layout's seed, which gave every shard two or more.
    case hashed
    /// Dealt round the shards in the order of their hashes, because the seed search reached its cap.
    case dealt
    /// Hashed or dealt once, and changed since by adding or removing single members.
    case edited
}

/// Which node and which key belong to which shard, for one epoch.
public struct Layout: Hashable, Sendable {
    /// Counts layouts; the founding layout is 1, and 0 stands for a node that has none yet.
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

    /// True where every shard has somebody: the least that can be put into force.
    var hasMembers: Bool { !shards.isEmpty && !shards.contains(where: \.isEmpty) }

    public func shard(of node: NodeAddress) -> Int? {
        // To compare with a few is cheaper than to hash an address.
        shardOfNode.count <= 16 ? shards.lastIndex { $0.contains(node) } : shardOfNode[node]
    }

    /// The shard of `key`. A layout without shards owns no key and must not be asked.
    public func shard(ofKey key: String) -> Int {
        ShardHash.shard(of: key, seed: seed, count: shards.count)
    }
}

/// What an epoch was decided to be: its layout, and the knowledge that went into it.
public struct EpochRecord: Hashable, Sendable {
    public let layout: Layout
    /// Everything of older epochs that was delivered to its new owners before this epoch took force.
    public let baseline: VersionVector
    /// The operation that made it, whose staged portions belong to it; nil for the founding layout.
    public let operation: OperationID?
    /// The starts of the layout's members that its coordinator knew of, in their order; empty for the founding layout.
    public let starts: CrashVector

    public init(
        layout: Layout, baseline: VersionVector, operation: OperationID?, starts: CrashVector = CrashVector()
    ) {
        self.layout = layout
        self.baseline = baseline
        self.operation = operation
        self.starts = starts
    }

    public static let none = EpochRecord(layout: .none, baseline: VersionVector(), operation: nil)
}

/// Names one attempt to change the layout.
public struct OperationID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The epoch it would bring into force.
    public let epoch: UInt64
    /// Counts the attempts of one coordinator.
    public let attempt: UInt64
    public let coordinator: NodeAddress
    public let incarnation: UInt64

    public init(epoch: UInt64, attempt: UInt64, coordinator: NodeAddress, incarnation: UInt64) {
        self.epoch = epoch
        self.attempt = attempt
        self.coordinator = coordinator
        self.incarnation = incarnation
    }

    /// True where the same coordinator gave `other` up when it began this one.
    func isLaterAttempt(than other: OperationID) -> Bool {
        coordinator == other.coordinator && incarnation == other.incarnation && attempt > other.attempt
    }

    public var description: String { "\(epoch).\(attempt)@\(coordinator)" }

    public static func < (left: Self, right: Self) -> Bool {
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        if left.attempt != right.attempt { return left.attempt < right.attempt }
        if left.coordinator != right.coordinator { return left.coordinator < right.coordinator }
        return left.incarnation < right.incarnation
    }
}
