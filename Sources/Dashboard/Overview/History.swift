import ShardCore
import ShardWire

/// What the last polls said, for rates and sparklines. Bounded.
public struct History: Hashable, Sendable {
    static let pointsMax = 240

    /// Operations a second of each shard, the newest last.
    public private(set) var operations: [ShardID: [Double]] = [:]
    private static let pollsMax = 20
    /// How long the last polls took.
    private var polls: [UInt64] = []
    /// The slowest answer of the last polls: of one alone it would never rest.
    public var pollMicroseconds: UInt64? { polls.max() }
    /// Keys done of the running phase, with the time since 1970.
    private var progress: [(milliseconds: UInt64, done: Int)] = []
    private var phase: ReshardProgress.Phase?
    private var operation: String?

    public init() {}

    public static func == (left: Self, right: Self) -> Bool {
        left.operations == right.operations && left.polls == right.polls && left.phase == right.phase
            && left.operation == right.operation
            && left.progress.elementsEqual(right.progress, by: ==)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(operations) }

    mutating func add(_ overview: ClusterOverview, _ reshard: ReshardProgress?, atMilliseconds now: UInt64) {
        if let poll = overview.pollMicroseconds { polls.append(poll) }
        if polls.count > Self.pollsMax { polls.removeFirst() }
        let ids = Set(overview.shards.map(\.id))
        operations = operations.filter { ids.contains($0.key) }
        for shard in overview.shards {
            var points = operations[shard.id] ?? []
            points.append(shard.readsPerSecond + shard.writesPerSecond)
            if points.count > Self.pointsMax { points.removeFirst(points.count - Self.pointsMax) }
            operations[shard.id] = points
        }
        guard let reshard, !reshard.phase.isEnd else {
            progress = []
            return
        }
        if reshard.operation != operation || reshard.phase != phase { progress = [] }
        operation = reshard.operation
        phase = reshard.phase
        progress.append((now, Work(reshard).done))
        progress.removeAll { $0.milliseconds + 4_000 < now }
    }

    /// Keys a second in the running phase, over the last seconds; nil where nothing can be said yet.
    public var keysPerSecond: Double? {
        guard let first = progress.first, let last = progress.last, last.milliseconds > first.milliseconds else {
            return nil
        }
        return Double(last.done - first.done) * 1_000 / Double(last.milliseconds - first.milliseconds)
    }
}

/// What a phase has done, of how much: the nodes' own counters, added up.
public struct Work: Hashable, Sendable {
    public let done: Int
    public let total: Int
    /// What is counted, one of it: a key goes to as many members as lack it, so there are more copies than keys.
    public let unit: String

    public init(_ reshard: ReshardProgress) {
        unit = reshard.phase == .collate || reshard.phase == .rebalance ? "key" : "copy"
        switch reshard.phase {
        case .collate:
            done = reshard.collated.reduce(0) { $0 + $1.keys }
            total = reshard.collated.reduce(0) { $0 + $1.keysTotal }
        case .rebalance:
            done = reshard.keysRebalanced
            total = reshard.collated.reduce(0) { $0 + $1.keys }
        default:
            done = reshard.parts.reduce(0) { $0 + $1.confirmed }
            total = reshard.parts.reduce(0) { $0 + $1.planned }
        }
    }

    public var fraction: Double { total > 0 ? min(1, Double(done) / Double(total)) : 0 }
}
