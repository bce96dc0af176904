import ClusterModel

/// The figures of the last polls, for rates and sparklines. Bounded.
public struct PollHistory: Hashable, Sendable {
    /// Operations a second of each shard.
    public private(set) var operations: [ShardID: RateSeries] = [:]
    /// The scale of the graphs: the same for all shards, so that they can be compared.
    private(set) var scale = GraphScale([])
    private static let pollsMax = 20
    /// How long the last polls took.
    private var polls: [UInt64] = []
    /// The slowest answer of the last polls; that of a single poll would change all the time.
    public var pollMicroseconds: UInt64? { polls.max() }
    /// The work done in the running stage, each count with its time since 1970.
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

    /// - Parameters:
    ///   - holds: how long its figures count if no other poll follows.
    ///   - isOwn: whether this program reads or writes keys itself.
    mutating func add(
        _ overview: Cluster, atMilliseconds now: UInt64, holdsMilliseconds holds: UInt64, isOwn: Bool
    ) {
        if let poll = overview.pollMicroseconds { polls.append(poll) }
        if polls.count > Self.pollsMax { polls.removeFirst() }
        for shard in overview.shards where shard.tellsTraffic {
            operations[shard.id, default: RateSeries()].add(
                shard.operationsPerSecond, atMilliseconds: now, holdsMilliseconds: holds, isOwn: isOwn)
        }
        if operations.count > overview.shards.count {
            let ids = Set(overview.shards.map(\.id))
            operations = operations.filter { ids.contains($0.key) }
        }
        scale = GraphScale(operations.values)
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

    /// The work done per second in the running stage, over the last seconds; nil while it cannot be told yet.
    public var workPerSecond: Double? {
        guard let first = progress.first, let last = progress.last, last.milliseconds > first.milliseconds else {
            return nil
        }
        return Double(last.done - first.done) * 1_000 / Double(last.milliseconds - first.milliseconds)
    }
}
