/// How to alert somebody when the verdict changes; not at all, unless the user wants it.
public struct Alerting: Sendable {
    /// True to ring the terminal's bell.
    public var rings: Bool
    /// Runs the user's command with this environment; nil for none. Ends within a bounded time, and throws in words.
    public var run: (@Sendable ([String: String]) async throws -> Void)?

    public init(rings: Bool = false, run: (@Sendable ([String: String]) async throws -> Void)? = nil) {
        self.rings = rings
        self.run = run
    }
}

extension VerdictChange {
    /// The environment for the user's command.
    func environment(cluster: String) -> [String: String] {
        [
            "SHARDTOP_CLUSTER": cluster,
            "SHARDTOP_RANK": after.rank.rawValue, "SHARDTOP_VERDICT": after.words,
            "SHARDTOP_ADVICE": after.worst?.advice ?? "",
            "SHARDTOP_RANK_BEFORE": before.rank.rawValue, "SHARDTOP_VERDICT_BEFORE": before.words,
        ]
    }
}
