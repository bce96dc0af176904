import ShardCore
import ShardWire
import TerminalUI

/// What each phase of a reshard has to show.
extension Drawing {
    func drawCheck(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        let text =
            "Asking every node to take part; two for each of \(Figures.plural(reshard.toShardCount, "shard")) are needed."
        for (row, line) in text.wrapped(to: rect.width).prefix(rect.height).enumerated() {
            canvas.put(line, x: rect.x, y: rect.y + row, style: theme.muted, width: rect.width)
        }
    }

    /// A bar for each shard that is read, in its colour.
    func drawCollate(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        let totalColumns = reshard.collated.map { Figures.count($0.keysTotal).count }.max() ?? 0
        for (row, shard) in reshard.collated.prefix(rect.height).enumerated() {
            let style = theme.shard(shard.shard)
            var line = FittedLine(gap: [Span("  ")])
            line.add("shard \(shard.shard)".padded(to: 8), style.adding(.bold), priority: 9)
            line.add(
                "\(Figures.count(shard.keys).aligned(to: 9)) / \(Figures.count(shard.keysTotal).padded(to: totalColumns))",
                theme.plain,
                priority: 8)
            line.add(Figures.bytes(shard.bytes).aligned(to: 10), theme.muted, priority: 3)
            if let source = shard.source {
                line.add("read from \(source)", theme.muted, priority: 4)
            }
            let fraction = shard.keysTotal > 0 ? Double(shard.keys) / Double(shard.keysTotal) : 1
            fillBar(&canvas, rect, row, line, fraction: fraction, style: style)
        }
    }

    /// The seeds tried, the newest last, and the keys hashed under the one that balanced.
    func drawRebalance(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        let tries = reshard.seedTries.suffix(max(0, rect.height - 1))
        var row = 0
        for attempt in tries {
            canvas.put(seedSpans(attempt, width: rect.width), x: rect.x, y: rect.y + row, width: rect.width)
            row += 1
        }
        guard row < rect.height else { return }
        var line = FittedLine(gap: [Span("; ", theme.muted)])
        line.add("\(Figures.plural(reshard.seedsTried, "seed")) tried", theme.muted, priority: 9)
        if reshard.placement == .dealt {
            line.add("none balanced within the limit, so the nodes are dealt", theme.warning, priority: 8)
        }
        if reshard.keysRebalanced > 0 {
            line.add("every key is hashed under seed \(reshard.seed ?? 0)", theme.muted, priority: 5)
        }
        canvas.put(line.spans(width: rect.width), x: rect.x, y: rect.y + row, width: rect.width)
    }

    /// seed 3: nodes per shard 2 1 4, and why that does not do.
    private func seedSpans(_ attempt: ReshardProgress.SeedTry, width: Int) -> [Span] {
        let deal = attempt.deal.map { "\($0)" }.joined(separator: " ")
        var line = FittedLine(gap: [])
        line.add("seed \(attempt.seed)".padded(to: 9), theme.strong, priority: 9)
        line.add("nodes per shard ", theme.muted, priority: 3)
        line.add(deal, theme.plain, priority: 8)
        if attempt.balanced {
            line.add("  \(theme.marks.done)", theme.good, priority: 9)
            line.add(" every shard has two or more", theme.good, priority: 4)
        } else {
            let short = attempt.deal.indices.filter { attempt.deal[$0] < 2 }.map { "\($0)" }
            let named = short.prefix(4).joined(separator: ", ") + (short.count > 4 ? theme.glyphs.ellipsis : "")
            line.add("  \(theme.marks.bad)", theme.warning, priority: 9)
            line.add(" too few for shard \(named)", theme.warning, priority: 4)
        }
        return line.spans(width: width)
    }

    /// A bar for each node that takes its portion in, in the colour of its shard to come; beside it the pairs.
    func drawBroadcast(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        var area = rect
        if rect.width >= 100, !reshard.moves.isEmpty {
            let parts = rect.splitLeft(rect.width - 34)
            area = Rect(x: parts.left.x, y: parts.left.y, width: parts.left.width - 2, height: parts.left.height)
            drawMoves(&canvas, parts.rest, reshard)
        }
        let totalColumns = reshard.parts.map { Figures.count($0.planned).count }.max() ?? 0
        for (row, part) in reshard.parts.prefix(area.height).enumerated() {
            let style = part.toShard.map(theme.shard) ?? theme.muted
            var line = FittedLine(gap: [Span("  ")])
            line.add(
                part.node.description.truncatedAtStart(to: 21, mark: theme.glyphs.ellipsis).padded(to: 15), theme.plain,
                priority: 9)
            let from = part.fromShard.map { "\($0)" } ?? "-"
            let to = part.toShard.map { "\($0)" } ?? "-"
            line.add("shard \(from) \(theme.glyphs.arrow) \(to)", style.adding(.bold), priority: 8)
            line.add(part.state.rawValue.padded(to: 8), partStyle(part.state), priority: 5)
            let fraction = part.planned > 0 ? Double(part.confirmed) / Double(part.planned) : 1
            if area.width < 50 {
                line.add("\(Int(fraction * 100)) %".aligned(to: 5), theme.plain, priority: 7)
            } else {
                line.add(
                    "\(Figures.count(part.confirmed).aligned(to: totalColumns)) / \(Figures.count(part.planned).padded(to: totalColumns))",
                    theme.plain, priority: 7)
            }
            fillBar(&canvas, area, row, line, fraction: fraction, style: style)
        }
    }

    private func partStyle(_ state: ReshardProgress.Part.State) -> Style {
        switch state {
        case .lost: theme.bad
        case .frozen, .accepted: theme.warning
        case .switched: theme.good
        default: theme.plain
        }
    }

    /// Keys by old and new shard: the ones that stay are those whose shard id does not change.
    private func drawMoves(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        for (row, move) in reshard.moves.filter({ $0.planned > 0 }).prefix(rect.height).enumerated() {
            let spans = [
                Span("\(move.from)", theme.shard(move.from).adding(.bold)),
                Span(" \(theme.glyphs.arrow) ", theme.muted),
                Span("\(move.to)", theme.shard(move.to).adding(.bold)),
                Span(Figures.count(move.moved).aligned(to: 10) + " / " + Figures.count(move.planned), theme.plain),
            ]
            canvas.put(spans, x: rect.x, y: rect.y + row, width: rect.width)
        }
    }

    private func fillBar(
        _ canvas: inout Canvas, _ rect: Rect, _ row: Int, _ line: FittedLine, fraction: Double, style: Style
    ) {
        let used = canvas.put(line.spans(width: rect.width), x: rect.x, y: rect.y + row, width: rect.width)
        let room = min(60, rect.width - used - 2)
        guard room >= 6 else { return }
        canvas.bar(
            x: rect.x + used + 2, y: rect.y + row, width: room, fraction: fraction, style: style, track: theme.track,
            glyphs: theme.glyphs)
    }
}
