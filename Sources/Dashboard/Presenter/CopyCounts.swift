import ClusterModel

/// How many nodes hold each key, before a change and after it.
struct CopyCounts: Equatable, Sendable {
    var before: ClosedRange<Int>?
    /// Nil until it is known which node goes where.
    var after: ClosedRange<Int>?

    init(_ change: Change, _ overview: Cluster) {
        before =
            Self.range(change.parts.compactMap(\.from))
            ?? Self.range(overview.shards.flatMap { shard in shard.members.map { _ in shard.id } })
        after = Self.range(change.parts.compactMap(\.to))
    }

    static func range(_ shards: [ShardID]) -> ClosedRange<Int>? {
        let counts = shards.reduce(into: [ShardID: Int]()) { $0[$1, default: 0] += 1 }.values
        guard let least = counts.min(), let most = counts.max() else { return nil }
        return least...most
    }

    /// "Each key is on 2 nodes now, 3 before: if one fails, the other goes on."; nil if that is unknown, or only one.
    static func sentence(_ now: ClosedRange<Int>?, before: ClosedRange<Int>?) -> String? {
        guard let now, now.upperBound > 1 else { return nil }
        let change = before.map { $0 == now ? "" : " now (\(words($0)) before)" } ?? ""
        let rest = now.upperBound == 2 ? "the other goes on" : "the others go on"
        return "Each key is on \(words(now)) nodes\(change): if one fails, \(rest)."
    }

    /// "2", "2 to 3"
    static func words(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
