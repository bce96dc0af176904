import ClusterModel
import TerminalUI
import Wording

/// The graphs of shards' operations: a column for each second.
extension Drawing {
    /// The points of the last `count` seconds; the very last second is the same for all shards.
    func seconds(of shard: Shard, _ count: Int) -> [RateSeries.Point?] {
        guard let series = model.history.operations[shard.id] else { return [] }
        return series.seconds(count, until: series.end(atMilliseconds: model.nowMilliseconds))
    }

    /// Draws a graph in one row.
    func drawSpark(_ canvas: inout Canvas, _ rect: Rect, _ shard: Shard) {
        drawGraph(&canvas, rect, seconds(of: shard, rect.width), model.history.scale, style(of: shard.id))
    }

    /// Draws a graph. This program's own work is lighter; unknown seconds are blank, and labelled if there is room.
    func drawGraph(
        _ canvas: inout Canvas, _ rect: Rect, _ seconds: [RateSeries.Point?], _ scale: GraphScale, _ style: Style
    ) {
        canvas.graph(
            seconds.map { point in
                point.map {
                    GraphColumn($0.value < 1 ? 0 : $0.value, style: $0.isOwn ? theme.muted : style, isLight: $0.isOwn)
                }
            }, rect, highest: scale.top, ground: theme.frame, clip: theme.marks.ascending, glyphs: theme.glyphs)
        guard rect.height >= 2 else { return }
        let words = "no data"
        // The time before the first poll is no gap.
        var place = seconds.firstIndex { $0 != nil } ?? seconds.count
        while place < seconds.count {
            guard seconds[place] == nil else {
                place += 1
                continue
            }
            let end = seconds[place...].firstIndex { $0 != nil } ?? seconds.count
            if end - place >= words.columns + 2 {
                canvas.put(
                    words, x: rect.right - seconds.count + place + (end - place - words.columns) / 2,
                    y: rect.bottom - 1,
                    style: theme.muted)
            }
            place = end
        }
    }

    /// Draws the upper end of the graph, and the peak if it is cut off.
    func drawScale(_ canvas: inout Canvas, _ rect: Rect, _ seconds: [RateSeries.Point?], beside used: Int) {
        let scale = model.history.scale
        guard scale.top > 0 else { return }
        var line = FittedLine(gap: [Span("  ")])
        if seconds.contains(where: { $0.map { $0.isOwn && $0.value >= 1 } ?? false }) {
            line.add([Span("\(theme.glyphs.shade)", theme.muted), Span(" own", theme.muted)], priority: 1)
        }
        let peak = seconds.lazy.compactMap { $0?.value }.max() ?? 0
        if peak > scale.top {
            line.add("\(theme.marks.ascending) \(Figures.rate(peak))", theme.warning, priority: 2)
        }
        line.add("to \(Figures.rate(scale.top))", theme.muted, priority: 3)
        let spans = line.spans(width: rect.width - used - 2)
        canvas.put(spans, x: rect.right - spans.width, y: rect.y)
    }

    /// Draws the axis: a column is a second, and the last one is now.
    func drawAxis(_ canvas: inout Canvas, _ rect: Rect) {
        guard !rect.isEmpty else { return }
        let step = rect.width < 34 ? 10 : rect.width < 100 ? 30 : 60
        canvas.put("now", x: rect.right - 3, y: rect.y, style: theme.muted)
        var left = rect.right - 4
        for ago in stride(from: step, to: rect.width, by: step) {
            let text = ago % 60 == 0 ? "-\(ago / 60) min" : "-\(ago) s"
            let x = rect.right - 1 - ago
            guard x >= rect.x, x + text.columns <= left else { continue }
            canvas.put(text, x: x, y: rect.y, style: theme.muted)
            left = x - 1
        }
    }
}
