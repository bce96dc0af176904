import ClusterModel
import TerminalUI
import Wording

/// The copies on their way to the members that lack them.
extension Drawing {
    /// From this width on the pairs have a column of their own; below it they share a row.
    private static let pairsColumnsMin = 130
    private static let pairsColumns = 34
    private static let lanesColumnsMin = 90

    /// Draws a lane and a bar for each node that takes in its portion, in the colour of its future shard; the pairs of
    /// shards stand beside or below them.
    func drawBroadcast(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        var area = rect
        if rect.width >= Self.pairsColumnsMin, !change.pairs.isEmpty {
            let parts = rect.splitLeft(rect.width - Self.pairsColumns)
            area = Rect(x: parts.left.x, y: parts.left.y, width: parts.left.width - 2, height: parts.left.height)
            drawMoves(&canvas, parts.rest, change)
        } else if rect.height >= 4, rect.width >= 60 {
            let parts = rect.splitBottom(1)
            area = parts.rest
            drawPairs(&canvas, parts.bottom, change)
        }
        if area.width >= Self.lanesColumnsMin {
            let parts = area.splitLeft(Self.coordinatorColumns)
            drawCoordinator(
                &canvas,
                Rect(
                    x: area.x, y: area.y, width: Self.coordinatorColumns, height: min(area.height, change.parts.count)),
                change, figure: Figures.count(change.parts.reduce(0) { $0 + $1.sent }) + " sent")
            area = Rect(x: parts.rest.x + 1, y: area.y, width: parts.rest.width - 1, height: area.height)
        }
        drawParts(&canvas, area, change)
    }

    /// Draws as many parts as there are rows for, from the scroll position on; the last row tells that position.
    private func drawParts(_ canvas: inout Canvas, _ area: Rect, _ change: Change) {
        let all = change.parts.filter { model.isShown($0.member) }
        let isWhole = all.count <= area.height
        let shown = isWhole ? all.count : max(0, area.height - 1)
        let first = min(model.migrationScroll, all.count - shown)
        canvas.note(overflow: all.count - shown, of: Target(Place.pane(.migration)))
        let columns = PartColumns(all, labels, width: area.width)
        for (row, part) in all.dropFirst(first).prefix(shown).enumerated() {
            draw(&canvas, Rect(x: area.x, y: area.y + row, width: area.width, height: 1), part, columns)
        }
        guard !isWhole, area.height > 0 else { return }
        let complete = all.count { $0.confirmed >= $0.planned }
        var line = FittedLine(gap: [Span("  ")])
        line.add("\(first + 1) to \(first + shown) of \(all.count)", theme.muted, priority: 9)
        line.add("\(complete) complete", theme.muted, priority: 8)
        line.add(model.pane == .migration ? "arrows scroll" : "Tab, then arrows scroll", theme.muted, priority: 5)
        canvas.put(line.spans(width: area.width), x: area.x, y: area.bottom - 1, width: area.width)
    }

    /// The columns that the lines of all parts share.
    private struct PartColumns {
        var lane: Int
        var address: Int
        var shards: Int
        var total: Int
        /// True if there is room only for a percentage in place of counts.
        var isNarrow: Bool

        init(_ parts: [Change.Part], _ labels: NodeLabels, width: Int) {
            lane = width >= 60 ? max(Drawing.laneColumnsMin, width / 5) : 0
            address = parts.map { labels[$0.member].columns }.max() ?? 0
            shards = parts.map { Self.words($0, arrow: "-").columns }.max() ?? 0
            total = Figures.count(parts.map(\.planned).max() ?? 0).count
            isNarrow = width - lane < 50
        }

        static func words(_ part: Change.Part, arrow: String) -> String {
            "shard \(part.from.map { "\($0)" } ?? "-") \(arrow) \(part.to.map { "\($0)" } ?? "-")"
        }
    }

    private func draw(
        _ canvas: inout Canvas, _ rect: Rect, _ part: Change.Part, _ columns: PartColumns
    ) {
        let style = part.to.map(style(of:)) ?? theme.muted
        if columns.lane > 0 {
            drawLane(&canvas, x: rect.x, y: rect.y, width: columns.lane, .part(part.member), style: style)
        }
        let shift = columns.lane > 0 ? columns.lane + 1 : 0
        let right = Rect(x: rect.x + shift, y: rect.y, width: rect.width - shift, height: 1)
        var line = FittedLine(gap: [Span("  ")])
        line.add(labels[part.member].padded(to: columns.address), theme.plain, priority: 9)
        let extra = theme.glyphs.arrow.columns - 1
        line.add(
            PartColumns.words(part, arrow: theme.glyphs.arrow).padded(to: columns.shards + extra), style.adding(.bold),
            priority: 8)
        // Without planned keys the fraction is 0, not 1.
        let fraction = part.planned > 0 ? Double(part.confirmed) / Double(part.planned) : 0
        if columns.isNarrow {
            let share = part.planned > 0 ? "\(Int(min(1, fraction) * 100)) %" : "-"
            line.add(share.aligned(to: 5), theme.plain, priority: 7)
        } else {
            line.add(
                "\(Figures.count(part.confirmed).aligned(to: columns.total)) / \(Figures.count(part.planned).padded(to: columns.total))",
                theme.plain, priority: 7)
        }
        // A node that takes in its portion gets a bar; any other node gets its state in words.
        guard part.isTaking else {
            line.add(part.state, part.level.map(theme.style(of:)) ?? theme.muted, priority: 6)
            canvas.put(line.spans(width: right.width), x: right.x, y: right.y, width: right.width)
            return
        }
        fillBar(&canvas, right, 0, line, fraction: fraction, style: style)
    }

    /// Draws the keys by old and new shard; keys whose shard id does not change stay.
    private func drawMoves(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        let count = change.pairs.count { $0.planned > 0 }
        let shown = count <= rect.height ? count : max(0, rect.height - 1)
        let moves = Array(change.pairs.lazy.filter { $0.planned > 0 }.prefix(shown))
        let ids = moves.map { max(name(of: $0.from).columns, name(of: $0.to).columns) }.max() ?? 1
        let total = Figures.count(change.pairs.lazy.map(\.planned).max() ?? 0).count
        if shown < count {
            canvas.put(
                "and \(Figures.count(count - shown)) more", x: rect.x, y: rect.y + shown, style: theme.muted,
                width: rect.width)
        }
        for (row, move) in moves.enumerated() {
            let spans = [
                Span(name(of: move.from).aligned(to: ids), style(of: move.from).adding(.bold)),
                Span(" \(theme.glyphs.arrow) ", theme.muted),
                Span(name(of: move.to).aligned(to: ids), style(of: move.to).adding(.bold)),
                Span(
                    "  \(Figures.count(move.done).aligned(to: total)) / \(Figures.count(move.planned).aligned(to: total))",
                    theme.plain),
                Span(move.from == move.to ? "  stay" : "", theme.muted),
            ]
            canvas.put(spans, x: rect.x, y: rect.y + row, width: rect.width)
        }
    }

    /// Draws the pairs of shards that keys move between, in one row: as many as fit, and how many more there are.
    private func drawPairs(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        let moves = change.pairs.filter { $0.planned > 0 && $0.from != $0.to }
        var used = 0
        for (index, move) in moves.enumerated() {
            let spans = [
                Span(name(of: move.from), style(of: move.from).adding(.bold)), Span(theme.glyphs.arrow, theme.muted),
                Span(name(of: move.to), style(of: move.to).adding(.bold)),
                Span(
                    " \(Figures.count(move.done).aligned(to: Figures.count(move.planned).count))/\(Figures.count(move.planned))",
                    theme.plain),
            ]
            let rest = moves.count - index
            let more = "and \(rest) more"
            let room = rect.width - used - (rest > 1 ? more.columns + 2 : 0)
            guard spans.width <= room else {
                canvas.put(more, x: rect.x + used, y: rect.y, style: theme.muted, width: rect.width - used)
                return
            }
            used += canvas.put(spans, x: rect.x + used, y: rect.y, width: rect.width - used) + 2
        }
    }

    func fillBar(
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
