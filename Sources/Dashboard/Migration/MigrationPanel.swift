import ClusterModel
import TerminalUI
import Wording

/// A change of the layout as it happens: where it is, how far, how fast, and whether it may still be aborted.
extension Drawing {
    /// The least rows with which the panel has a frame; with fewer, every row is needed for its content.
    private static let framedRowsMin = 8

    func drawMigration(_ canvas: inout Canvas, _ rect: Rect) {
        if let change = model.shownInferred { return drawInferred(&canvas, rect, change) }
        guard let change = model.shownChange, rect.height >= 3 else { return }
        canvas.mark(rect, Target(Place.pane(.migration)))
        var inside: Rect
        if rect.height >= min(Self.framedRowsMin, neededMigrationRows(width: rect.width)) {
            inside = frame(
                &canvas, rect, title(of: change, width: rect.width - 6), isFocused: model.pane == .migration)
        } else {
            let (top, rest) = rect.inset(columns: 1, rows: 0).splitTop(1)
            canvas.put(title(of: change, width: top.width), x: top.x, y: top.y, width: top.width)
            if model.pane == .migration { canvas.put(theme.marks.cursor, x: rect.x, y: top.y, style: theme.accent) }
            inside = rest
        }
        let (top, rest) = inside.splitTop(1)
        canvas.put(rail(of: change, width: top.width), x: top.x, y: top.y, width: top.width)
        if change.isOver { return drawReport(&canvas, rest, change) }
        let (work, belowWork) = rest.splitTop(1)
        drawWork(&canvas, work, change)
        let (middle, bottom) =
            belowWork.height >= 2 ? belowWork.splitBottom(1) : (belowWork, Rect(x: 0, y: 0, width: 0, height: 0))
        switch change.current.picture {
        case .words: drawWords(&canvas, middle, change)
        case .meters: drawMeters(&canvas, middle, change)
        case .attempts: drawAttempts(&canvas, middle, change)
        case .parts: drawBroadcast(&canvas, middle, change)
        case .pairs: drawPairLanes(&canvas, middle, change)
        }
        drawSafety(&canvas, bottom, change)
    }

    /// The rows that the panel needs: the same in all phases of one change, so that nothing jumps.
    func neededMigrationRows(width: Int) -> Int {
        if let change = model.shownInferred { return neededRows(of: change, width: width) }
        guard let change = model.shownChange else { return 0 }
        if change.isOver { return 3 + reportLines(change, width: width - 4).count }
        // The nodes that take in their portions, and the pairs.
        let nodes = max(change.parts.count, model.overview.nodesUp) + 1
        if change.stages.contains(where: { $0.picture == .pairs }) {
            return 5 + min(13, max(4, change.pairs.count { $0.from != $0.to }))
        }
        return 5 + min(13, max(change.fromShardCount ?? 0, nodes, 7))
    }

    private func title(of change: Change, width: Int) -> [Span] {
        let arrow = " \(theme.glyphs.arrow) "
        var line = FittedLine(gap: [Span("  ")])
        if let from = change.fromShardCount, let to = change.toShardCount {
            line.add(
                [
                    Span(change.name + " ", theme.title),
                    Span("\(from)\(arrow)\(to)", theme.accent.adding(.bold)),
                    Span(" " + Plural.noun("shard", to), theme.title),
                ], priority: 9)
        } else {
            line.add(change.name, theme.title, priority: 9)
        }
        if change.isOver, let finished = change.finishedMilliseconds {
            let time = timeOfDay.words(milliseconds: model.changeWatch?.endedMilliseconds ?? finished)
            line.add("ended \(time)", theme.plain, priority: 4)
        }
        let who = change.leader.map { labels[$0] } ?? change.by.map { labels.shortened($0) }
        if let who {
            line.add("by \(who)", change.isOurs ? theme.muted : theme.warning, priority: change.isOurs ? 1 : 8)
        }
        return line.spans(width: width)
    }

    /// Draws the progress of the phase by the nodes' own counters; rate and time left are those of the last seconds.
    private func drawWork(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        let work = change.current.work ?? Stage.Work(done: 0, total: 0, unit: "key")
        let elapsed = model.changeWatch?.elapsedMilliseconds(at: model.nowMilliseconds) ?? 0
        var line = FittedLine(gap: [Span("  ")])
        line.add(
            Figures.duration(microseconds: elapsed / 100 * 100_000).padded(to: 6), theme.strong, priority: 8)
        if work.total > 0 {
            let total = Figures.count(work.total)
            line.add(
                "\(Figures.count(work.done).aligned(to: total.columns)) / \(total) \(Plural.noun(work.unit, work.total))",
                theme.plain,
                priority: 9)
            if let rate = model.history.workPerSecond, rate >= 1, change.step != .waiting {
                line.add(
                    Figures.rate(rate).aligned(to: 6) + " \(Plural.noun(work.unit, 2))/s", theme.plain, priority: 6)
                let left = Double(work.total - work.done) / rate
                if left > 0 { line.add(left < 1 ? "<1 s left" : "\(Int(left)) s left", theme.muted, priority: 5) }
            }
        }
        if work.total > 0, rect.width >= 60 { line.add(dotWords(work.unit), theme.muted, priority: 2) }
        if let limit = change.paceMax {
            line.add("limited to \(Figures.count(limit)) keys/s", theme.muted, priority: 3)
        }
        let used = canvas.put(line.spans(width: rect.width), x: rect.x, y: rect.y, width: rect.width)
        let room = rect.width - used - 2
        if work.total > 0, room >= 8 {
            canvas.bar(
                x: rect.x + used + 2, y: rect.y, width: room, fraction: work.fraction, style: theme.accent,
                track: theme.track, glyphs: theme.glyphs)
        }
    }

    /// Draws a wait or a stall if there is one, else whether the change can still be aborted.
    private func drawSafety(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        guard !rect.isEmpty else { return }
        let still = model.changeWatch?.stillMilliseconds(at: model.nowMilliseconds) ?? 0
        let (long, short, style): (String, String, Style)
        if change.step == .waiting {
            short = model.demo == nil ? "waits for its next step" : "'.' next step  ',' go on"
            long =
                model.demo == nil
                ? "It waits for its next step; the cluster serves meanwhile."
                : "'.' takes the next step, ',' lets it go on; the cluster serves meanwhile."
            style = theme.accent.adding(.bold)
        } else if still >= Self.stallMilliseconds {
            short = "no progress for \(still / 1_000) s"
            long = short + ", waiting for " + waitedFor(change)
            style = theme.bad
        } else if change.current.holdsWrites {
            // The phase that clients notice; from some point in it the change can no longer be aborted.
            let held = words(ofElapsed: elapsedMicroseconds(of: change.current, change))
            long = "Writes held for \(held), reads go on; \(change.safety)."
            short = change.isAbortable ? "writes held \(held), reads go on" : "writes held \(held); no way back"
            style = change.isAbortable ? theme.accent : theme.warning
        } else {
            let key = change.isAbortable && change.isOurs && !model.isReadOnly ? " (a)" : ""
            long = change.safety.isEmpty ? "" : "\(change.safety)\(key)."
            short = change.safetyShort + (change.safetyShort.isEmpty ? "" : key)
            style = change.isAbortable ? theme.muted : theme.warning
        }
        let text = long.columns <= rect.width ? long : short.columns * 2 > rect.width ? short : long
        canvas.put(
            text.truncated(to: rect.width, mark: theme.glyphs.ellipsis), x: rect.x, y: rect.y, style: style,
            width: rect.width)
    }

    /// The nodes that the coordinator says it waits for; if it names none, those that have not confirmed all.
    func waitedFor(_ change: Change) -> String {
        if let named = change.waitingFor { return labels.shortened(named) }
        let late = change.parts.filter { $0.confirmed < $0.planned }.map { labels[$0.member] }
        guard !late.isEmpty else { return change.leader.map { labels[$0] } ?? change.by ?? "its next word" }
        return late.prefix(3).joined(separator: ", ") + (late.count > 3 ? " and \(late.count - 3) more" : "")
    }
}
