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

    /// A bar for each shard that is read, in its colour, and its keys on their way to the coordinator.
    func drawCollate(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        var area = rect
        let hasLanes = rect.width >= 90
        if hasLanes {
            let parts = rect.splitLeft(rect.width - Self.coordinatorColumns)
            area = parts.left
            let collected = reshard.collated.reduce(0) { $0 + $1.keys }
            drawCoordinator(&canvas, parts.rest, reshard, figure: Figures.plural(collected, "key"))
        }
        let totalColumns = reshard.collated.map { Figures.count($0.keysTotal).count }.max() ?? 0
        let step = hasLanes && reshard.collated.count * 2 <= rect.height ? 2 : 1
        let first = hasLanes ? max(0, (rect.height - reshard.collated.count * step + step - 1) / 2) : 0
        for (index, shard) in reshard.collated.prefix(rect.height).enumerated() {
            let row = first + index * step
            let style = theme.shard(shard.shard)
            var line = FittedLine(gap: [Span("  ")])
            line.add("shard \(shard.shard)".padded(to: 8), style.adding(.bold), priority: 9)
            line.add(
                "\(Figures.count(shard.keys).aligned(to: 9)) / \(Figures.count(shard.keysTotal).padded(to: totalColumns))",
                theme.plain,
                priority: 8)
            line.add(Figures.bytes(shard.bytes).aligned(to: 10), theme.muted, priority: 3)
            if let source = shard.source { line.add("read from \(source)", theme.muted, priority: 4) }
            let fraction = shard.keysTotal > 0 ? Double(shard.keys) / Double(shard.keysTotal) : 1
            let width = hasLanes ? area.width * 11 / 20 : area.width
            let left = Rect(x: area.x, y: area.y, width: width, height: area.height)
            fillBar(&canvas, left, row, line, fraction: fraction, style: style)
            guard hasLanes else { continue }
            drawLane(
                &canvas, x: left.right + 1, y: area.y + row, width: area.right - left.right - 2,
                .collate(shard: shard.shard), style: style)
        }
    }

    /// The seeds tried, the newest last, and the keys hashed under the one that balanced, by the shard they go to.
    func drawRebalance(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        var area = rect
        let portions = portions(of: reshard)
        if rect.width >= 90, !portions.isEmpty {
            let parts = rect.splitLeft(rect.width / 2)
            area = Rect(x: rect.x, y: rect.y, width: parts.left.width - 2, height: rect.height)
            drawPortions(&canvas, parts.rest, portions)
        }
        let tries = reshard.seedTries.suffix(max(0, area.height - 1))
        var row = 0
        // Groups of nodes stand under one another.
        let columns = (tries.map(\.deal.count).max() ?? 0)
        let widths = (0..<columns).map { id in
            tries.map { $0.deal.indices.contains(id) ? max(1, $0.deal[id]) : 1 }.max() ?? 1
        }
        for attempt in tries {
            canvas.put(
                seedSpans(attempt, widths: widths, width: area.width), x: area.x, y: area.y + row, width: area.width)
            row += 1
        }
        guard row < area.height else { return }
        var line = FittedLine(gap: [Span("; ", theme.muted)])
        line.add("\(Figures.plural(reshard.seedsTried, "seed")) tried", theme.muted, priority: 9)
        if reshard.placement == .dealt {
            line.add("none balanced within the limit, so the nodes are dealt", theme.warning, priority: 8)
        }
        if reshard.keysRebalanced > 0 {
            line.add("every key is hashed under seed \(reshard.seed ?? 0)", theme.muted, priority: 5)
        }
        canvas.put(line.spans(width: area.width), x: area.x, y: area.y + row, width: area.width)
    }

    /// Keys that each new shard is to get, as far as they are hashed.
    private func portions(of reshard: ReshardProgress) -> [(shard: Int, keys: Int, crossing: Int)] {
        Dictionary(grouping: reshard.moves.filter { $0.planned > 0 }, by: \.to).sorted { $0.key < $1.key }.map {
            (
                $0.key, $0.value.reduce(0) { $0 + $1.planned },
                $0.value.filter { $0.from != $0.to }.reduce(0) { $0 + $1.planned }
            )
        }
    }

    private func drawPortions(
        _ canvas: inout Canvas, _ rect: Rect, _ portions: [(shard: Int, keys: Int, crossing: Int)]
    ) {
        let largest = portions.map(\.keys).max() ?? 1
        for (row, portion) in portions.prefix(rect.height).enumerated() {
            let style = theme.shard(portion.shard)
            var line = FittedLine(gap: [Span("  ")])
            line.add("shard \(portion.shard)".padded(to: 8), style.adding(.bold), priority: 9)
            line.add(Figures.count(portion.keys).aligned(to: 9) + " keys", theme.plain, priority: 8)
            line.add(Figures.count(portion.crossing).aligned(to: 9) + " from others", theme.muted, priority: 4)
            fillBar(
                &canvas, rect, row, line, fraction: Double(portion.keys) / Double(max(1, largest)), style: style)
        }
    }

    /// seed 3: nodes per shard 2 1 4, and why that does not do.
    private func seedSpans(_ attempt: ReshardProgress.SeedTry, widths: [Int], width: Int) -> [Span] {
        // One sign for each node, in its shard's colour: 2 1 4 beside it says the same in numbers.
        let signs = attempt.deal.enumerated().flatMap { id, nodes -> [Span] in
            let text = nodes > 0 ? String(repeating: theme.marks.good, count: nodes) : theme.marks.waiting
            return [Span(text.padded(to: widths[id] + 1), nodes < 2 ? theme.warning : theme.shard(id))]
        }
        let deal = attempt.deal.map { "\($0)" }.joined(separator: " ")
        var line = FittedLine(gap: [])
        line.add("seed \(attempt.seed)".padded(to: 9), theme.strong, priority: 9)
        line.add(signs, priority: 6)
        line.add(deal, theme.plain, priority: 8)
        if attempt.balanced {
            line.add("  \(theme.marks.done)", theme.good, priority: 9)
            line.add(" two or more each", theme.good, priority: 3)
        } else {
            let short = attempt.deal.indices.filter { attempt.deal[$0] < 2 }.map { "\($0)" }
            let named = short.prefix(4).joined(separator: ", ") + (short.count > 4 ? theme.glyphs.ellipsis : "")
            line.add("  \(theme.marks.bad)", theme.warning, priority: 9)
            line.add(" too few for shard \(named)", theme.warning, priority: 4)
        }
        return line.spans(width: width)
    }

    /// A lane and a bar for each node that takes its portion in, in the colour of its shard to come; beside them the
    /// pairs.
    func drawBroadcast(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        var area = rect
        if rect.width >= 130, !reshard.moves.isEmpty {
            let parts = rect.splitLeft(rect.width - 34)
            area = Rect(x: parts.left.x, y: parts.left.y, width: parts.left.width - 2, height: parts.left.height)
            drawMoves(&canvas, parts.rest, reshard)
        }
        var laneColumns = 0
        if area.width >= 90 {
            let parts = area.splitLeft(Self.coordinatorColumns)
            drawCoordinator(
                &canvas,
                Rect(
                    x: area.x, y: area.y, width: Self.coordinatorColumns, height: min(area.height, reshard.parts.count)),
                reshard, figure: Figures.count(reshard.parts.reduce(0) { $0 + $1.sent }) + " sent")
            area = Rect(x: parts.rest.x + 1, y: area.y, width: parts.rest.width - 1, height: area.height)
        }
        if area.width >= 60 { laneColumns = max(Self.laneColumnsMin, area.width / 4) }
        let totalColumns = reshard.parts.map { Figures.count($0.planned).count }.max() ?? 0
        let shown = reshard.parts.count <= area.height ? reshard.parts.count : max(0, area.height - 1)
        if shown < reshard.parts.count, area.height > 0 {
            let rest = reshard.parts.dropFirst(shown)
            let complete = rest.count { $0.confirmed >= $0.planned }
            canvas.put(
                "and \(rest.count) more, \(complete) complete", x: area.x, y: area.bottom - 1, style: theme.muted,
                width: area.width)
        }
        for (row, part) in reshard.parts.prefix(shown).enumerated() {
            let style = part.toShard.map(theme.shard) ?? theme.muted
            if laneColumns > 0 {
                drawLane(
                    &canvas, x: area.x, y: area.y + row, width: laneColumns, .broadcast(part.node), style: style)
            }
            let shift = laneColumns > 0 ? laneColumns + 1 : 0
            let right = Rect(x: area.x + shift, y: area.y, width: area.width - shift, height: area.height)
            var line = FittedLine(gap: [Span("  ")])
            line.add(
                part.node.description.truncatedAtStart(to: 21, mark: theme.glyphs.ellipsis).padded(to: 15), theme.plain,
                priority: 9)
            let from = part.fromShard.map { "\($0)" } ?? "-"
            let to = part.toShard.map { "\($0)" } ?? "-"
            line.add("shard \(from) \(theme.glyphs.arrow) \(to)", style.adding(.bold), priority: 8)
            line.add(part.state.rawValue.padded(to: 8), partStyle(part.state), priority: 5)
            let fraction = part.planned > 0 ? Double(part.confirmed) / Double(part.planned) : 1
            if right.width < 50 {
                line.add("\(Int(fraction * 100)) %".aligned(to: 5), theme.plain, priority: 7)
            } else {
                line.add(
                    "\(Figures.count(part.confirmed).aligned(to: totalColumns)) / \(Figures.count(part.planned).padded(to: totalColumns))",
                    theme.plain, priority: 7)
            }
            fillBar(&canvas, right, row, line, fraction: fraction, style: style)
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
