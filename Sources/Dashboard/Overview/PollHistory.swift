import ClusterModel

/// What the last polls said, for rates and sparklines. Bounded.
public struct PollHistory: Hashable, Sendable {
    static let pointsMax = 240

    /// Operations a second of each shard, the newest last.
    public private(set) var operations: [ShardID: [Double]] = [:]
    private static let pollsMax = 20
    /// How long the last polls took.
    private var polls: [UInt64] = []
    /// The slowest answer of the last polls: of one alone it would never rest.
    public var pollMicroseconds: UInt64? { polls.max() }
    /// What is done of the running stage, with the time since 1970.
    private var progress: [(milliseconds: UInt64, done: Int)] = []
    private var stage: Int?
    private var change: String?

    public init() {}

    public static func == (left: Self, right: Self) -> Bool {
        left.operations == right.operations && left.polls == right.polls && left.stage == right.stage
            && left.change == right.change
            && left.progress.elementsEqual(right.progress, by: ==)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(operations) }

    mutating func add(_ overview: Cluster, atMilliseconds now: UInt64) {
        if let poll = overview.pollMicroseconds { polls.append(poll) }
        if polls.count > Self.pollsMax { polls.removeFirst() }
        for shard in overview.shards { Self.add(shard.operationsPerSecond, to: &operations[shard.id, default: []]) }
        if operations.count > overview.shards.count {
            let ids = Set(overview.shards.map(\.id))
            operations = operations.filter { ids.contains($0.key) }
        }
        guard let running = overview.change, !running.isOver else {
            progress = []
            return
        }
        if running.id != change || running.stage != stage { progress = [] }
        change = running.id
        stage = running.stage
        progress.append((now, running.current.work?.done ?? 0))
        progress.removeAll { $0.milliseconds + 4_000 < now }
    }

    private static func add(_ point: Double, to points: inout [Double]) {
        points.append(point)
        if points.count > pointsMax { points.removeFirst(points.count - pointsMax) }
    }

    /// What is done in a second of the running stage, over the last seconds; nil where nothing can be said yet.
    public var workPerSecond: Double? {
        guard let first = progress.first, let last = progress.last, last.milliseconds > first.milliseconds else {
            return nil
        }
        return Double(last.done - first.done) * 1_000 / Double(last.milliseconds - first.milliseconds)
    }
}
