import ClusterModel
import TerminalUI
import Wording

/// The figures of a shard as a whole, in its panel.
extension Drawing {
    /// Draws the shard's keys: number, share, deviation from even; in a running change those that leave it and arrive.
    /// - Parameter isAlone: true if bar and operations have rows of their own.
    func drawCount(_ canvas: inout Canvas, _ rect: Rect, _ shard: Shard, isAlone: Bool = false) {
        let count = shard.keys.map(Figures.count) ?? "?"
        if let moving = movingSpans(of: shard, count: count, width: rect.width) {
            canvas.put(moving, x: rect.x, y: rect.y, width: rect.width)
            return
        }
        var line = FittedLine(gap: [Span("  ")])
        line.add(
            [
                Span(count.aligned(to: memberLines.keys), theme.strong),
                Span(" " + Plural.noun("key", shard.keys ?? 0), theme.muted),
            ], priority: 9)
        if !shard.isEven { line.add("members differ", theme.warning, priority: 3) }
        if let (share, deviation) = share(of: shard) {
            line.add(Figures.percent(share).aligned(to: 7), theme.plain, priority: 8)
            line.add(
                Figures.signedPercent(deviation).aligned(to: 8) + " vs even",
                abs(deviation) > 0.25 ? theme.warning : theme.muted, priority: 2)
        }
        let slots = slotSpans(of: shard)
        if !slots.isEmpty { line.add(slots, priority: 6) }
        if let note = shard.note { line.add(note, theme.warning, priority: 7) }
        let operations = shard.operationsPerSecond
        if !isAlone, operations >= 1 {
            line.add(Figures.rate(operations).aligned(to: 6) + " op/s", theme.plain, priority: 4)
        }
        let used = canvas.put(line.spans(width: rect.width), x: rect.x, y: rect.y, width: rect.width)
        let room = rect.width - used - 2
        guard !isAlone, room >= 6 else { return }
        let spark = operations >= 1 && room >= 16 ? min(20, room / 3) : 0
        drawShare(
            &canvas,
            Rect(x: rect.x + used + 2, y: rect.y, width: room - (spark > 0 ? spark + 1 : 0), height: 1), shard)
        if spark > 0 {
            drawSpark(&canvas, Rect(x: rect.right - spark, y: rect.y, width: spark, height: 1), shard)
        }
    }

    private func share(of shard: Shard) -> (share: Double, deviation: Double)? {
        model.digest.share(of: shard, among: model.overview.shards.count)
    }

    /// Draws the shard's share of all keys, as a bar.
    func drawShare(_ canvas: inout Canvas, _ rect: Rect, _ shard: Shard) {
        canvas.bar(
            x: rect.x, y: rect.y, width: rect.width, fraction: share(of: shard)?.share ?? 0,
            style: style(of: shard.id), track: theme.track, glyphs: theme.glyphs)
    }

    /// Draws reads and writes a second, and their recent course. The rows stay without traffic, so that nothing jumps.
    func drawOperations(_ canvas: inout Canvas, _ rect: Rect, _ shard: Shard) {
        guard !rect.isEmpty else { return }
        let (label, graph) = rect.splitTop(1)
        func figure(_ value: Double, _ unit: String) -> [Span] {
            let style = value >= 1 ? theme.plain : theme.muted
            return [Span(Figures.rate(value).aligned(to: 5), style), Span(" " + unit, theme.muted)]
        }
        var line = FittedLine(gap: [Span("  ")])
        if graph.isEmpty {
            if shard.tellsReads {
                line.add(figure(shard.readsPerSecond, "r/s"), priority: 9)
                line.add(figure(shard.writesPerSecond, "w/s"), priority: 9)
            } else {
                line.add(figure(shard.operationsPerSecond, "op/s"), priority: 9)
            }
            let spans = line.spans(width: label.width / 2 + 4)
            canvas.put(spans, x: label.right - spans.width, y: label.y)
            let room = label.width - spans.width - 2
            if room >= 6 { drawSpark(&canvas, Rect(x: label.x, y: label.y, width: room, height: 1), shard) }
            return
        }
        if shard.tellsReads {
            line.add(figure(shard.readsPerSecond, "reads/s"), priority: 9)
            line.add(figure(shard.writesPerSecond, "writes/s"), priority: 9)
        } else {
            line.add(figure(shard.operationsPerSecond, "operations/s"), priority: 9)
        }
        canvas.put(line.spans(width: label.width), x: label.x, y: label.y, width: label.width)
        let (plot, axis) = graph.splitBottom(graph.height >= Self.axisRowsMin ? 1 : 0)
        let seconds = seconds(of: shard, graph.width)
        drawScale(&canvas, label, seconds, beside: line.spans(width: label.width).width)
        drawGraph(&canvas, plot, seconds, model.history.scale, style(of: shard.id))
        drawAxis(&canvas, axis)
    }

    /// The least rows of a graph that has an axis for the time.
    private static let axisRowsMin = 3

    /// Keys that leave the shard for others, and keys that come from them; nil while no moves are known.
    private func movingSpans(of shard: Shard, count: String, width: Int) -> [Span]? {
        guard model.isMigrating else { return nil }
        let (out, into) = (model.shardMoves.out(of: shard.id), model.shardMoves.into(shard.id))
        guard out.planned + into.planned > 0 else { return nil }
        let style = style(of: shard.id)
        func spans(_ head: [Span], _ figure: (ShardMoves.Sum) -> String) -> [Span] {
            func words(_ sum: ShardMoves.Sum) -> String { sum.planned == 0 ? "0" : figure(sum) }
            return head + [
                Span(head.isEmpty ? "out " : "  out ", theme.muted), Span(words(out), theme.strong),
                Span("  in ", theme.muted), Span(words(into), style.adding(.bold)),
            ]
        }
        let full = [Span(count, theme.strong), Span(" " + Plural.noun("key", shard.keys ?? 0), theme.muted)]
        let bare = [Span(count, theme.strong)]
        // The moved keys have as much room as all of them take, so that nothing moves while they grow.
        let exact = { (sum: ShardMoves.Sum) -> String in
            let planned = Figures.count(sum.planned)
            return Figures.count(sum.moved).aligned(to: planned.columns) + "/" + planned
        }
        let short = { (sum: ShardMoves.Sum) -> String in
            let planned = Figures.rate(Double(sum.planned))
            return Figures.rate(Double(sum.moved)).aligned(to: planned.columns) + "/" + planned
        }
        let share = { (sum: ShardMoves.Sum) -> String in
            "\(sum.moved * 100 / max(1, sum.planned)) %"
        }
        let forms = [
            spans(full, exact), spans(bare, exact), spans(full, short), spans(bare, short), spans(bare, share),
            spans([], share),
        ]
        return forms.first { $0.width <= width } ?? bare
    }
}
