import ClusterModel
import TerminalUI
import Wording

/// The progress of the step, and the numbers of keys or slots that move and that stay.
extension Drawing {
    /// The lines below the bar.
    func presenterProgress(_ change: Change, width: Int, _ scale: PresenterScale) -> [[Span]] {
        let holdings = Holdings(change)
        guard change.current.picture == .parts || change.current.picture == .pairs, holdings.moving > 0 else {
            return [safetySpans(change)]
        }
        let unit = change.pairUnit
        var staying = holdings.staying
        if change.current.picture == .pairs, unit == "key", let keys = model.digest.keys {
            staying = max(0, keys - holdings.moving)
        }
        var line = FittedLine(gap: [Span("   ")])
        line.add(
            [
                Span(Figures.count(holdings.moving), theme.strong),
                Span(" \(Plural.noun(unit, holdings.moving)) \(holdings.moving == 1 ? "changes" : "change") shard"),
            ],
            priority: 8)
        if staying > 0 {
            line.add([Span(Figures.count(staying), theme.strong), Span(" stay in theirs")], priority: 9)
        }
        if change.current.picture == .parts, scale > .least { line.add(safetySpans(change), priority: 4) }
        var lines = [line.spans(width: width)]
        guard scale > .least else { return lines }
        if change.current.picture == .parts, let copies = holdings.copies {
            lines.append(spans(of: copies, holdings, change, width: width))
            if scale >= .large { lines.append(pairSpans(change, width: width)) }
        } else {
            lines.append(safetySpans(change))
        }
        return lines
    }

    /// The line that tells how many copies the keys make, and how many of them are there already.
    private func spans(
        of copies: (all: Int, had: Int), _ holdings: Holdings, _ change: Change, width: Int
    ) -> [Span] {
        var line = FittedLine(gap: [Span("")])
        let keys = holdings.moving + holdings.staying
        let sent = change.current.work?.total ?? 0
        if let after = CopyCounts(change, model.overview).after {
            line.add(
                "\(Figures.plural(keys, "key")) on \(CopyCounts.words(after)) nodes are \(Figures.count(copies.all)) copies: ",
                theme.plain, priority: 6)
        }
        line.add(
            [
                Span(Figures.count(copies.had), theme.strong), Span(" are there already, "),
                Span(Figures.count(sent), theme.strong), Span(" are sent"),
                Span(copies.had + sent > copies.all ? ", with what was written meanwhile" : ""),
            ],
            priority: 9)
        return line.spans(width: width)
    }

    /// The moves from shard to shard, without the keys that stay in theirs.
    private func pairSpans(_ change: Change, width: Int) -> [Span] {
        var line = FittedLine(gap: [Span("   ")])
        line.add("from shard to shard", theme.plain, priority: 9)
        for pair in change.pairs where pair.from != pair.to && pair.planned > 0 {
            // Its nodes come from that very shard: nothing is sent, and a tick would look like work that is done.
            let isThere = change.parts.allSatisfy { $0.to != pair.to || $0.from == pair.from }
            line.add(
                [
                    Span(name(of: pair.from), style(of: pair.from).adding(.bold)), Span(theme.glyphs.arrow),
                    Span(name(of: pair.to), style(of: pair.to).adding(.bold)),
                    Span(" \(Figures.count(pair.planned))", theme.strong),
                    isThere
                        ? Span(" (there already)", theme.plain)
                        : Span(pair.done >= pair.planned ? " \(theme.marks.done)" : "", theme.good),
                ], priority: 5)
        }
        return line.spans(width: width)
    }

    private func safetySpans(_ change: Change) -> [Span] {
        guard change.isAbortable, change.isOurs else { return [] }
        let key = model.isReadOnly || !model.features.abort.isOffered ? "" : ": press a"
        return [Span("it can still be stopped safely\(key)", theme.plain)]
    }

    /// Draws a bar over the whole width, with its figures before it and its share behind it, and the lines below.
    func drawPresenterProgress(_ canvas: inout Canvas, _ rect: Rect, _ change: Change, _ lines: [[Span]]) {
        for (row, line) in lines.enumerated() {
            canvas.put(line, x: rect.x, y: rect.y + 1 + row, width: rect.width)
        }
        if let work = change.current.work { drawBar(&canvas, rect, work, presenterVerb(change)) }
    }

    /// Draws how many of the keys were read back.
    func drawReadBack(_ canvas: inout Canvas, _ rect: Rect, _ reading: Stage.Work) {
        drawBar(&canvas, rect, reading, "read back")
    }

    private func drawBar(_ canvas: inout Canvas, _ rect: Rect, _ work: Stage.Work, _ verb: String) {
        guard work.total > 0 else { return }
        let total = Figures.count(work.total)
        let words =
            "\(Figures.count(work.done).aligned(to: total.columns)) of \(total) \(Plural.noun(work.unit, work.total)) "
            + (rect.width < 60 ? "" : verb)
        let used = canvas.put(words, x: rect.x, y: rect.y, style: theme.strong, width: rect.width)
        let share = "\(Int(work.fraction * 100)) %".aligned(to: 6)
        canvas.put(share, x: rect.right - share.columns, y: rect.y, style: theme.strong)
        let room = rect.width - used - share.columns - 2
        guard room >= 6 else { return }
        canvas.bar(
            x: rect.x + used + 1, y: rect.y, width: room, fraction: work.fraction, style: theme.plain,
            track: theme.track, glyphs: theme.glyphs)
    }

    private func presenterVerb(_ change: Change) -> String {
        switch change.current.picture {
        case .meters: "listed"
        case .attempts: "placed"
        case .parts: "made"
        case .pairs: "moved"
        case .words: ""
        }
    }
}
