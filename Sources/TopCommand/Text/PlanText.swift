import ClusterModel

/// A dry run in plain lines.
enum PlanText {
    static func lines(_ plan: Plan) -> [String] {
        let moving = plan.moving
        let total = plan.total
        // A repair says in steps what it does.
        guard total > 0 || plan.attempts != nil || plan.toShardCount != nil else {
            let details = details(plan)
            return details.isEmpty ? ["\(plan.name): there is nothing to do"] : ["\(plan.name):"] + details
        }
        var lines = [
            "\(title(plan)): \(choice(plan))\(Words.count(moving)) of \(Words.plural(total, plan.unit)) change shard "
                + "(\(Words.share(moving, of: total)))"
        ]
        for shard in plan.shards {
            let amount = plan.pairs.filter { $0.to == shard.id }.reduce(0) { $0 + $1.planned }
            var parts = [Words.plural(amount, plan.unit)]
            if plan.unit != "key", let keys = shard.keys { parts.append("about " + Words.plural(keys, "key")) }
            parts.append(shard.members.map(\.description).joined(separator: " "))
            lines.append("shard \(shard.id): " + parts.joined(separator: ", "))
        }
        for pair in plan.pairs where pair.from != pair.to && pair.planned > 0 {
            lines.append("  \(pair.from) > \(pair.to)  \(Words.plural(pair.planned, plan.unit))")
        }
        return lines + details(plan)
    }

    private static func details(_ plan: Plan) -> [String] {
        plan.steps.map { "  \($0)" } + plan.warnings.map { "warning: \($0)" }
            + plan.unpromised.map { "not promised: \($0)" }
    }

    private static func title(_ plan: Plan) -> String {
        guard let to = plan.toShardCount else { return plan.name }
        return plan.fromShardCount.map { "\($0) to \(Words.plural(to, "shard"))" } ?? "to \(Words.plural(to, "shard"))"
    }

    private static func choice(_ plan: Plan) -> String {
        guard let attempts = plan.attempts, let seed = attempts.seed else { return "" }
        return "seed \(seed) after \(Words.plural(attempts.tried, "try")) (\(attempts.isDealt ? "dealt" : "hashed")); "
    }
}
