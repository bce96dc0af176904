import ClusterModel
import TerminalUI
import Wording

/// The lines of a plan, which tell what reaching a goal would do.
extension Drawing {
    /// With more shards than this, only those are shown that something changes for.
    private static let shardsShownMax = 12

    func lines(of plan: Plan) -> [[Span]] {
        if plan.isNothing { return [[Span("There is nothing to do: it is so already.", theme.muted)]] }
        let steps = plan.steps.map { [Span(theme.glyphs.arrow + " ", theme.muted), Span($0, theme.plain)] }
        let words =
            plan.warnings.map { [Span(theme.marks.warning + " ", theme.warning), Span($0, theme.warning)] }
            + plan.unpromised.map { [Span("Not promised: \($0)", theme.muted)] }
        let sections = [plan.moving > 0 || steps.isEmpty ? linesOfMoves(plan) : [], steps, words]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [[]]))
    }

    private func linesOfMoves(_ plan: Plan) -> [[Span]] {
        var lines = [summary(of: plan)]
        if let attempts = plan.attempts, let seed = attempts.seed {
            lines.append([
                Span("seed \(seed)", theme.strong),
                Span(
                    attempts.isDealt
                        ? ", nodes dealt: no seed balanced them" : " after \(Figures.plural(attempts.tried, "seed"))",
                    theme.muted),
            ])
        }
        lines.append([])
        let moves = plan.pairs.filter { $0.from != $0.to && $0.planned > 0 }
        let changed = Set(moves.flatMap { [$0.from, $0.to] })
        // If slots are dealt out, most shards keep theirs; otherwise no shard keeps all of its keys.
        let isLarge = model.hasSlots && plan.shards.count > Self.shardsShownMax
        let total = plan.shards.reduce(0) { $0 + (count(of: $1, plan) ?? 0) }
        if !model.hasSlots, plan.shards.count > Self.shardsShownMax { return lines + linesOfMany(plan, moves, total) }
        var table = SpanTable([.left, .left, .right, .right])
        for shard in plan.shards where !isLarge || changed.contains(shard.id) {
            let count = count(of: shard, plan)
            let share = count.map { total > 0 ? Double($0) * Double(plan.shards.count) / Double(total) - 1 : 0 }
            let sources = moves.filter { $0.to == shard.id }
                .map { move in
                    let note = move.note.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
                    return "\(Figures.count(move.planned)) from \(name(of: move.from))\(note)"
                }
            table.add([
                [Span("shard \(name(of: shard.id))", style(of: shard.id).adding(.bold))],
                [Span(Figures.plural(shard.members.count, "node"), theme.plain)],
                [Span(count.map { Figures.plural($0, plan.unit) } ?? "", theme.plain)],
                [Span(total > 0 ? share.map(Figures.signedPercent) ?? "" : "", theme.muted)],
                [Span(sources.joined(separator: ", "), theme.muted)],
            ])
        }
        return lines + table.lines
    }

    /// The lines for many shards, each of which gets a little from all others: only the largest and the smallest.
    private func linesOfMany(_ plan: Plan, _ moves: [Change.Pair], _ total: Int) -> [[Span]] {
        let counts = plan.shards.map { (shard: $0, count: count(of: $0, plan) ?? 0) }
        guard let least = counts.min(by: { $0.count < $1.count }), let most = counts.max(by: { $0.count < $1.count })
        else { return [] }
        let nodes = plan.shards.map(\.members.count)
        func range(_ low: Int, _ high: Int) -> String {
            low == high ? Figures.count(low) : "\(Figures.count(low)) to \(Figures.count(high))"
        }
        func against(_ count: Int) -> String {
            total > 0 ? Figures.signedPercent(Double(count) * Double(plan.shards.count) / Double(total) - 1) : ""
        }
        let planned = moves.map(\.planned)
        var table = SpanTable([.left, .left])
        table.add([
            [Span("nodes a shard", theme.muted)], [Span(range(nodes.min() ?? 0, nodes.max() ?? 0), theme.plain)],
        ])
        table.add([
            [Span("\(Plural.noun(plan.unit, 2)) a shard", theme.muted)],
            [
                Span(range(least.count, most.count), theme.plain),
                Span("  \(against(least.count)) to \(against(most.count)) against even", theme.muted),
            ],
        ])
        table.add([
            [Span("smallest, largest", theme.muted)],
            [
                Span("shard \(name(of: least.shard.id))", style(of: least.shard.id).adding(.bold)), Span(", "),
                Span("shard \(name(of: most.shard.id))", style(of: most.shard.id).adding(.bold)),
            ],
        ])
        if let low = planned.min(), let high = planned.max() {
            table.add([
                [Span("from one to another", theme.muted)],
                [Span("\(range(low, high)) \(Plural.noun(plan.unit, high))", theme.plain)],
            ])
        }
        return table.lines
    }

    /// How much changes shard, and its share of the whole if the plan also counts what stays.
    private func summary(of plan: Plan) -> [Span] {
        let share = plan.total > 0 ? Figures.percent(Double(plan.moving) / Double(plan.total)) : "0 %"
        guard tellsStaying(plan) || plan.total == 0 else {
            return [
                Span(Figures.count(plan.moving), theme.strong),
                Span(" \(Plural.noun(plan.unit, plan.moving)) change shard", theme.muted),
            ]
        }
        return [
            Span(Figures.count(plan.moving), theme.strong),
            Span(" of \(Figures.plural(plan.total, plan.unit)) change shard, ", theme.muted), Span(share, theme.strong),
        ]
    }

    private func tellsStaying(_ plan: Plan) -> Bool { plan.pairs.contains { $0.from == $0.to } }

    /// The keys or slots of the shard afterwards; nil if the plan does not tell.
    private func count(of shard: Plan.PlannedShard, _ plan: Plan) -> Int? {
        if let told = plan.unit == "slot" ? shard.slots : shard.keys { return told }
        guard tellsStaying(plan) || plan.total == 0 else { return nil }
        return plan.pairs.filter { $0.to == shard.id }.reduce(0) { $0 + $1.planned }
    }
}

extension Plan {
    /// True if reaching the goal would do nothing at all. A plan that tells nothing may still do something.
    var isNothing: Bool { total > 0 && moving == 0 && steps.isEmpty && attempts == nil }
}
