import ShardCore
import ShardWire
import TerminalUI

/// A change of the layout as it happens: where it is, how far, how fast, and whether it may still be aborted.
extension Drawing {
    /// Rows from which on the panel has a frame; below it every row is needed for what it says.
    private static let framedRowsMin = 8

    func drawMigration(_ canvas: inout Canvas, _ rect: Rect) {
        if let change = model.shownInferred { return drawInferred(&canvas, rect, change) }
        guard let reshard = model.shownReshard, rect.height >= 3 else { return }
        canvas.mark(rect, Target(Place.pane(.migration)))
        var inside: Rect
        if rect.height >= min(Self.framedRowsMin, neededMigrationRows(width: rect.width)) {
            inside = frame(
                &canvas, rect, title(of: reshard, width: rect.width - 6), isFocused: model.pane == .migration)
        } else {
            let (top, rest) = rect.inset(columns: 1, rows: 0).splitTop(1)
            canvas.put(title(of: reshard, width: top.width), x: top.x, y: top.y, width: top.width)
            if model.pane == .migration { canvas.put(theme.marks.cursor, x: rect.x, y: top.y, style: theme.accent) }
            inside = rest
        }
        let (top, rest) = inside.splitTop(1)
        canvas.put(rail(of: reshard, width: top.width), x: top.x, y: top.y, width: top.width)
        if reshard.phase.isEnd { return drawReport(&canvas, rest, reshard) }
        let (work, belowWork) = rest.splitTop(1)
        drawWork(&canvas, work, reshard)
        let (middle, bottom) =
            belowWork.height >= 2 ? belowWork.splitBottom(1) : (belowWork, Rect(x: 0, y: 0, width: 0, height: 0))
        switch reshard.phase {
        case .check: drawCheck(&canvas, middle, reshard)
        case .collate: drawCollate(&canvas, middle, reshard)
        case .rebalance: drawRebalance(&canvas, middle, reshard)
        default: drawBroadcast(&canvas, middle, reshard)
        }
        drawSafety(&canvas, bottom, reshard)
    }

    /// Rows that the panel takes for what it has to say: the same through all phases of one reshard, so that nothing
    /// jumps.
    func neededMigrationRows(width: Int) -> Int {
        if let change = model.shownInferred { return neededRows(of: change, width: width) }
        guard let reshard = model.shownReshard else { return 0 }
        if reshard.phase.isEnd { return 3 + reportLines(reshard, width: width - 4).count }
        // Those that take their portions in, and the pairs.
        let nodes = max(reshard.parts.count, model.overview.nodesUp) + 1
        return 5 + min(13, max(reshard.fromShardCount, nodes, 7))
    }

    private func title(of reshard: ReshardProgress, width: Int) -> [Span] {
        let arrow = " \(theme.glyphs.arrow) "
        var line = FittedLine(gap: [Span("  ")])
        switch reshard.kind {
        case .reshard:
            line.add(
                [
                    Span("reshard ", theme.title),
                    Span("\(reshard.fromShardCount)\(arrow)\(reshard.toShardCount)", theme.accent.adding(.bold)),
                    Span(" " + Plural.noun("shard", reshard.toShardCount), theme.title),
                ], priority: 9)
        case .addMember: line.add("adding a member", theme.title, priority: 9)
        case .removeMember: line.add("removing a member", theme.title, priority: 9)
        }
        if reshard.phase.isEnd, let finished = reshard.finishedMilliseconds {
            let time = timeOfDay.words(milliseconds: model.reshardWatch?.endedMilliseconds ?? finished)
            line.add("ended \(time)", theme.plain, priority: 4)
        }
        line.add("by \(labels[reshard.coordinator])", theme.muted, priority: 1)
        return line.spans(width: width)
    }

    /// How much of the phase is done, by the nodes' own counters; rate and time left by the last seconds.
    private func drawWork(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        let work = Work(reshard)
        let elapsed = model.reshardWatch?.elapsedMilliseconds(at: model.nowMilliseconds) ?? 0
        var line = FittedLine(gap: [Span("  ")])
        line.add(
            Figures.duration(microseconds: elapsed / 100 * 100_000).padded(to: 6), theme.strong, priority: 8)
        if work.total > 0 {
            let total = Figures.count(work.total)
            line.add(
                "\(Figures.count(work.done).aligned(to: total.columns)) / \(total) \(Plural.noun(work.unit, work.total))",
                theme.plain,
                priority: 9)
            if let rate = model.history.keysPerSecond, rate >= 1, reshard.step != .waiting {
                line.add(
                    Figures.rate(rate).aligned(to: 6) + " \(Plural.noun(work.unit, 2))/s", theme.plain, priority: 6)
                let left = Double(work.total - work.done) / rate
                if left > 0 { line.add(left < 1 ? "<1 s left" : "\(Int(left)) s left", theme.muted, priority: 5) }
            }
        }
        if work.total > 0, rect.width >= 60 { line.add(dotWords(work.unit), theme.muted, priority: 2) }
        if let limit = reshard.keysPerSecondMax {
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

    /// A stall first, then whether it can still be aborted.
    private func drawSafety(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        guard !rect.isEmpty else { return }
        let still = model.reshardWatch?.stillMilliseconds(at: model.nowMilliseconds) ?? 0
        let (long, short, style): (String, String, Style)
        if reshard.step == .waiting {
            short = model.demo == nil ? "waits for its next step" : "'.' next step  ',' go on"
            long =
                model.demo == nil
                ? "It waits for its next step; the cluster serves meanwhile."
                : "'.' takes the next step, ',' lets it go on; the cluster serves meanwhile."
            style = theme.accent.adding(.bold)
        } else if still >= 3_000 {
            short = "no progress for \(still / 1_000) s"
            long = short + ", waiting for " + waitedFor(reshard)
            style = theme.bad
        } else if reshard.phase == .freeze {
            (long, short) = freezeWords(reshard)
            style = reshard.isAbortable ? theme.accent : theme.warning
        } else if reshard.isAbortable {
            let key = model.isReadOnly ? "" : " (a)"
            long = "The old layout is in force until the switch; abort is safe\(key)."
            short = "abort is safe until the switch\(key)"
            style = theme.muted
        } else {
            long = "The point of no return is passed; it completes."
            short = "past the point of no return"
            style = theme.warning
        }
        let text = long.columns <= rect.width ? long : short.columns * 2 > rect.width ? short : long
        canvas.put(
            text.truncated(to: rect.width, mark: theme.glyphs.ellipsis), x: rect.x, y: rect.y, style: style,
            width: rect.width)
    }

    /// What clients notice of the freeze, and from where on there is no way back.
    private func freezeWords(_ reshard: ReshardProgress) -> (long: String, short: String) {
        let held = words(ofElapsed: elapsedMicroseconds(of: .freeze, reshard))
        return reshard.isAbortable
            ? (
                "Writes held for \(held), reads go on; no return once members must accept.",
                "writes held \(held), reads go on"
            )
            : (
                "Writes held for \(held), reads go on; past the point of no return.",
                "writes held \(held); no way back"
            )
    }

    /// What the coordinator says that it waits for; where it says nothing, the nodes that have not confirmed all.
    private func waitedFor(_ reshard: ReshardProgress) -> String {
        if let named = reshard.waitingFor { return labels.shortened(named) }
        let late = reshard.parts.filter { $0.confirmed < $0.planned }.map { labels[$0.node] }
        guard !late.isEmpty else { return labels[reshard.coordinator] }
        return late.prefix(3).joined(separator: ", ") + (late.count > 3 ? " and \(late.count - 3) more" : "")
    }
}
