import ClusterModel
import TerminalUI
import Wording

/// The content of the panel in each phase of a reshard.
extension Drawing {
    private static let seedsColumns = 80
    private static let portionsColumnsMin = 36
    private static let seedRowsMin = 2

    func drawWords(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        for (row, line) in change.current.words.wrapped(to: rect.width).prefix(rect.height).enumerated() {
            canvas.put(line, x: rect.x, y: rect.y + row, style: theme.muted, width: rect.width)
        }
    }

    /// Draws a bar for each shard that is read, in its colour, and its keys on their way to the coordinator.
    func drawMeters(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        var area = rect
        let hasLanes = rect.width >= 90
        if hasLanes {
            let parts = rect.splitLeft(rect.width - Self.coordinatorColumns)
            area = parts.left
            let collected = change.current.work?.done ?? 0
            drawCoordinator(&canvas, parts.rest, change, figure: Figures.plural(collected, "key"))
        }
        let meters = change.current.meters
        let totalColumns = meters.map { Figures.count($0.total).count }.max() ?? 0
        // If there is no room beside the figures, the lanes run below them.
        let hasLanesBelow = !hasLanes && rect.width >= 40 && meters.count * 2 <= rect.height
        let step = (hasLanes || hasLanesBelow) && meters.count * 2 <= rect.height ? 2 : 1
        let first = hasLanes ? max(0, (rect.height - meters.count * step + step - 1) / 2) : 0
        for (index, meter) in meters.prefix(rect.height).enumerated() {
            let row = first + index * step
            let style = style(of: meter.shard)
            var line = FittedLine(gap: [Span("  ")])
            line.add("shard \(name(of: meter.shard))".padded(to: 8), style.adding(.bold), priority: 9)
            let counts =
                Figures.count(meter.done).aligned(to: totalColumns) + " / "
                + Figures.count(meter.total).padded(to: totalColumns)
            let isBegun = meter.source != nil || meter.total > 0
            line.add(isBegun ? counts : "not begun", theme.plain, priority: 8)
            line.add(Figures.bytes(meter.bytes).aligned(to: 10), theme.muted, priority: 3)
            if let source = meter.source { line.add("read from \(labels[source])", theme.muted, priority: 4) }
            // Before its source is asked, the total is 0 and nothing is done.
            let fraction = meter.total > 0 ? Double(meter.done) / Double(meter.total) : 0
            let width = hasLanes ? area.width * 11 / 20 : area.width
            let left = Rect(x: area.x, y: area.y, width: width, height: area.height)
            fillBar(&canvas, left, row, line, fraction: fraction, style: style)
            if hasLanes {
                drawLane(
                    &canvas, x: left.right + 1, y: area.y + row, width: area.right - left.right - 2,
                    .meter(meter.shard), style: style)
            } else if hasLanesBelow {
                let end = "coordinator"
                let lane = area.width - 9 - end.columns
                drawLane(
                    &canvas, x: area.x + 8, y: area.y + row + 1, width: lane, .meter(meter.shard),
                    style: style)
                canvas.put(end, x: area.x + 9 + lane, y: area.y + row + 1, style: theme.muted)
            }
        }
    }

    /// Draws the seeds tried, the newest last, and the keys hashed under the seed that balanced, by their new shard.
    func drawAttempts(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        var area = rect
        let portions = change.portions
        if rect.width >= 90, !portions.isEmpty {
            // The reasons why seeds were given up get their room first, the growing portions the rest.
            let parts = rect.splitLeft(
                min(max(rect.width / 2, Self.seedsColumns), rect.width - Self.portionsColumnsMin))
            area = Rect(x: rect.x, y: rect.y, width: parts.left.width - 2, height: rect.height)
            drawPortions(&canvas, parts.rest, portions)
        } else if !portions.isEmpty, portions.count + Self.seedRowsMin <= rect.height {
            // The portions stand below the seed that balanced and as many earlier seeds as there is room for.
            let hasLanes = portions.count * 2 + Self.seedRowsMin <= rect.height
            let parts = rect.splitBottom(portions.count * (hasLanes ? 2 : 1))
            area = parts.rest
            drawPortions(&canvas, parts.bottom, portions)
        }
        let attempts = change.attempts ?? Change.Attempts(tried: 0, tries: [], seed: nil)
        let tries = attempts.tries.suffix(max(0, area.height - 1))
        var row = 0
        // The groups of nodes are aligned in columns.
        let columns = (tries.map(\.deal.count).max() ?? 0)
        let widths = (0..<columns).map { id in
            tries.map { $0.deal.indices.contains(id) ? max(1, $0.deal[id]) : 1 }.max() ?? 1
        }
        // A failed seed was given up before all nodes were dealt; its line tells how many were.
        let nodes = max(model.overview.nodesUp, tries.map { $0.deal.reduce(0, +) }.max() ?? 0)
        let seedColumns = tries.map { "seed \($0.seed)".columns }.max() ?? 0
        for attempt in tries {
            canvas.put(
                seedSpans(attempt, of: nodes, seedColumns: seedColumns, widths: widths, width: area.width), x: area.x,
                y: area.y + row,
                width: area.width)
            row += 1
        }
        guard row < area.height else { return }
        var line = FittedLine(gap: [Span("; ", theme.muted)])
        line.add("\(Figures.plural(attempts.tried, "seed")) tried", theme.muted, priority: 9)
        if attempts.isDealt {
            line.add("none balanced within the limit, so the nodes are dealt", theme.warning, priority: 8)
        }
        if attempts.keysHashed > 0 {
            line.add("every key is hashed under seed \(attempts.seed ?? 0)", theme.muted, priority: 5)
        }
        canvas.put(line.spans(width: area.width), x: area.x, y: area.y + row, width: area.width)
    }

    /// Draws a bar for each portion and, if there is room, below it the keys on their way into it.
    private func drawPortions(
        _ canvas: inout Canvas, _ rect: Rect, _ portions: [ShardShare]
    ) {
        let largest = portions.map(\.planned).max() ?? 1
        let step = portions.count * 2 <= rect.height ? 2 : 1
        for (index, portion) in portions.prefix(rect.height).enumerated() {
            let row = index * step
            let style = style(of: portion.shard)
            var line = FittedLine(gap: [Span("  ")])
            line.add("shard \(name(of: portion.shard))".padded(to: 8), style.adding(.bold), priority: 9)
            line.add(
                Figures.count(portion.planned).aligned(to: 9) + " " + Plural.noun("key", portion.planned), theme.plain,
                priority: 8)
            line.add(Figures.count(portion.crossing).aligned(to: 9) + " from others", theme.muted, priority: 4)
            fillBar(
                &canvas, rect, row, line, fraction: Double(portion.planned) / Double(max(1, largest)), style: style)
            if step == 2 {
                drawLane(
                    &canvas, x: rect.x + 8, y: rect.y + row + 1, width: rect.width - 8,
                    .portion(portion.shard), style: style)
            }
        }
    }

    /// The line of one seed: its number, the nodes per shard as in 2 1 4, how many nodes were dealt, and why it was
    /// given up.
    private func seedSpans(
        _ attempt: Change.Attempts.Attempt, of nodes: Int, seedColumns: Int, widths: [Int], width: Int
    ) -> [Span] {
        // One sign for each node, in its shard's colour; beside them the same in numbers, as in 2 1 4.
        let signs = attempt.deal.enumerated().flatMap { id, nodes -> [Span] in
            let text = nodes > 0 ? String(repeating: theme.marks.good, count: nodes) : theme.marks.waiting
            return [Span(text.padded(to: widths[id] + 1), nodes < 2 ? theme.warning : theme.shard(id))]
        }
        let deal = attempt.deal.enumerated().map { id, nodes in "\(nodes)".aligned(to: "\(widths[id])".count) }
            .joined(separator: " ")
        var line = FittedLine(gap: [])
        line.add("seed \(attempt.seed)".padded(to: max(8, seedColumns)) + " ", theme.strong, priority: 9)
        line.add(signs, priority: 6)
        line.add(deal, theme.plain, priority: 8)
        if attempt.isBalanced {
            line.add("  \(theme.marks.done)", theme.good, priority: 9)
            line.add(" all \(nodes) dealt,", theme.good, priority: 3)
            line.add(" two or more each", theme.good, priority: 5)
        } else {
            let short = attempt.deal.indices.filter { attempt.deal[$0] < 2 }.map { "\($0)" }
            let named = short.prefix(4).joined(separator: ", ") + (short.count > 4 ? theme.glyphs.ellipsis : "")
            let dealt = "\(attempt.deal.reduce(0, +))".aligned(to: "\(nodes)".count)
            line.add("  \(theme.marks.bad)", theme.warning, priority: 9)
            line.add(" given up: \(dealt) of \(nodes) dealt", theme.warning, priority: 5)
            line.add(", too few for shard \(named)", theme.warning, priority: 4)
        }
        return line.spans(width: width)
    }
}
