import ShardCore

/// A dry run in plain lines.
enum PlanText {
    static func lines(_ plan: ReshardPlan) -> [String] {
        let total = plan.moves.reduce(0) { $0 + $1.planned }
        let moving = plan.moves.filter { $0.from != $0.to }.reduce(0) { $0 + $1.planned }
        var lines = [
            "\(plan.fromShardCount) to \(Words.plural(plan.toShardCount, "shard")): seed \(plan.seed) after "
                + "\(Words.plural(plan.seedsTried, "try")) (\(plan.placement.rawValue)); "
                + "\(Words.count(moving)) of \(Words.plural(total, "key")) change shard (\(Words.share(moving, of: total)))"
        ]
        for (shard, members) in plan.shards.enumerated() {
            let keys = plan.moves.filter { $0.to == shard }.reduce(0) { $0 + $1.planned }
            lines.append(
                "shard \(shard): \(Words.plural(keys, "key")), \(members.map(\.description).joined(separator: " "))")
        }
        for move in plan.moves where move.from != move.to && move.planned > 0 {
            lines.append("  \(move.from) > \(move.to)  \(Words.plural(move.planned, "key"))")
        }
        return lines
    }
}
