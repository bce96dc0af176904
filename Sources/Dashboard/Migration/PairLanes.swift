import ClusterModel
import TerminalUI
import Wording

/// The moves from shard to shard, each pair on a lane of its own.
extension Drawing {
    private static let lanesColumnsMin = 70

    /// Draws as many pairs as there are rows for, from the scroll position on; the last row tells that position.
    func drawPairLanes(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        let all = change.pairs.filter { $0.from != $0.to && $0.planned > 0 }
        let isWhole = all.count <= rect.height
        let shown = isWhole ? all.count : max(0, rect.height - 1)
        let first = min(model.migrationScroll, all.count - shown)
        canvas.note(overflow: all.count - shown, of: Target(Place.pane(.migration)))
        let ids = all.map { max(name(of: $0.from).columns, name(of: $0.to).columns) }.max() ?? 1
        let total = Figures.count(all.map(\.planned).max() ?? 0).count
        for (row, pair) in all.dropFirst(first).prefix(shown).enumerated() {
            draw(
                &canvas, Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1), pair, change, ids: ids,
                total: total)
        }
        guard !isWhole, rect.height > 0 else { return }
        let complete = all.count { $0.done >= $0.planned }
        var line = FittedLine(gap: [Span("  ")])
        line.add("\(first + 1) to \(first + shown) of \(all.count)", theme.muted, priority: 9)
        line.add("\(complete) complete", theme.muted, priority: 8)
        line.add(model.pane == .migration ? "arrows scroll" : "Tab, then arrows scroll", theme.muted, priority: 5)
        canvas.put(line.spans(width: rect.width), x: rect.x, y: rect.bottom - 1, width: rect.width)
    }

    /// shard a ──●──●─▶ shard b  1,200 / 2,730 slots  14.2 MiB  ███▌
    private func draw(
        _ canvas: inout Canvas, _ rect: Rect, _ pair: Change.Pair, _ change: Change, ids: Int, total: Int
    ) {
        let (from, to) = (style(of: pair.from), style(of: pair.to))
        var x = rect.x
        x += canvas.put(name(of: pair.from).aligned(to: ids), x: x, y: rect.y, style: from.adding(.bold)) + 1
        if rect.width >= Self.lanesColumnsMin {
            let lane = max(Self.laneColumnsMin, rect.width / 4)
            drawLane(&canvas, x: x, y: rect.y, width: lane, .pair(pair.from, pair.to), style: to)
            x += lane + 1
        } else {
            x += canvas.put(theme.glyphs.arrow, x: x, y: rect.y, style: theme.muted) + 1
        }
        x += canvas.put(name(of: pair.to).padded(to: ids), x: x, y: rect.y, style: to.adding(.bold)) + 2
        var line = FittedLine(gap: [Span("  ")])
        let done = Figures.count(pair.done).aligned(to: total)
        line.add(
            "\(done) / \(Figures.count(pair.planned).aligned(to: total)) \(Plural.noun(change.pairUnit, pair.planned))",
            theme.plain, priority: 9)
        if let bytes = pair.bytes { line.add(Figures.bytes(bytes).aligned(to: 9), theme.muted, priority: 6) }
        if let note = pair.note { line.add(labels.shortened(note), theme.muted, priority: 4) }
        let fraction = pair.planned > 0 ? Double(pair.done) / Double(pair.planned) : 0
        fillBar(
            &canvas, Rect(x: x, y: rect.y, width: rect.right - x, height: 1), 0, line, fraction: fraction, style: to)
    }
}
