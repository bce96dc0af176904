import ShardCore
import ShardWire
import TerminalUI

/// A change of the layout as it happens: where it is, how far, how fast, and whether it may still be aborted.
extension Drawing {
    func drawMigration(_ canvas: inout Canvas, _ rect: Rect) {
        guard let reshard = model.shownReshard, rect.height >= 3 else { return }
        let inside = frame(&canvas, rect, title(of: reshard), isFocused: model.pane == .migration)
        var (top, rest) = inside.splitTop(1)
        drawRail(&canvas, top, reshard)
        if reshard.phase.isEnd { return drawReport(&canvas, rest, reshard) }
        (top, rest) = rest.splitTop(1)
        drawWork(&canvas, top, reshard)
        let (middle, bottom) = rest.height >= 3 ? rest.splitBottom(1) : (rest, Rect(x: 0, y: 0, width: 0, height: 0))
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
        guard let reshard = model.shownReshard else { return 0 }
        if reshard.phase.isEnd { return reshard.phase == .done ? 9 : 6 }
        let nodes = max(reshard.parts.count, model.overview.nodesUp)
        return 5 + min(12, max(reshard.fromShardCount, nodes, 8))
    }

    private func title(of reshard: ReshardProgress) -> [Span] {
        let arrow = " \(theme.glyphs.arrow) "
        var spans: [Span]
        switch reshard.kind {
        case .reshard:
            spans = [
                Span("reshard ", theme.title),
                Span("\(reshard.fromShardCount)\(arrow)\(reshard.toShardCount)", theme.accent.adding(.bold)),
                Span(" shards", theme.title),
            ]
        case .addMember: spans = [Span("adding a member", theme.title)]
        case .removeMember: spans = [Span("removing a member", theme.title)]
        }
        spans.append(Span("  by \(reshard.coordinator)", theme.muted))
        if model.snapshot?.isReshardInferred == true { spans.append(Span("  inferred", theme.warning)) }
        return spans
    }

    static let railPhases: [ReshardProgress.Phase] = [.check, .collate, .rebalance, .broadcast, .freeze]

    /// The last phase freezes writes and switches; people call it by what comes of it.
    static func words(for phase: ReshardProgress.Phase) -> String { phase == .freeze ? "switch" : phase.rawValue }

    /// check ── collate ── rebalance ── broadcast ── switch, each with its sign and its time.
    private func drawRail(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        for isShort in [false, true] {
            var spans: [Span] = []
            for phase in Self.railPhases {
                if !spans.isEmpty { spans.append(Span(isShort ? " " : " \(theme.marks.then) ", theme.frame)) }
                spans += railSpans(phase, reshard, isShort: isShort)
            }
            if spans.width <= rect.width || isShort {
                canvas.put(spans, x: rect.x, y: rect.y, width: rect.width)
                return
            }
        }
    }

    private func railSpans(_ phase: ReshardProgress.Phase, _ reshard: ReshardProgress, isShort: Bool) -> [Span] {
        let timing = reshard.timings.last { $0.phase == phase }
        let isRunning = reshard.phase == phase
        let name = Self.words(for: phase)
        guard let timing else { return [Span("\(theme.marks.waiting) \(name)", theme.muted)] }
        if isRunning { return [Span("\(theme.marks.running) \(name)", theme.accent.adding(.bold))] }
        let isBroken = reshard.phase == .failed || reshard.phase == .aborted
        let isLast = reshard.timings.last?.phase == phase
        let mark = isBroken && isLast ? theme.marks.bad : theme.marks.done
        var spans = [Span("\(mark) \(name)", isBroken && isLast ? theme.bad : theme.good)]
        if !isShort, let duration = timing.durationMicroseconds {
            spans.append(Span(" " + Figures.duration(microseconds: duration), theme.muted))
        }
        return spans
    }

    /// How much of the phase is done, by the nodes' own counters; rate and time left by the last seconds.
    private func drawWork(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        let work = Work(reshard)
        let elapsed = model.nowMilliseconds - min(model.nowMilliseconds, reshard.startedMilliseconds)
        var line = FittedLine(gap: [Span("  ")])
        line.add(Figures.duration(microseconds: elapsed / 100 * 100_000), theme.strong, priority: 8)
        if work.total > 0 {
            line.add(
                "\(Figures.count(work.done).aligned(to: 9)) / \(Figures.count(work.total)) keys", theme.plain,
                priority: 9)
            if let rate = model.history.keysPerSecond, rate >= 1 {
                line.add(Figures.rate(rate).aligned(to: 6) + " keys/s", theme.plain, priority: 6)
                let left = UInt64(Double(work.total - work.done) / rate)
                line.add("\(left) s left", theme.muted, priority: 5)
            }
        }
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

    private func drawCheck(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        let text =
            "Asking every node to take part; two for each of \(Figures.plural(reshard.toShardCount, "shard")) are needed."
        canvas.put(text, x: rect.x, y: rect.y, style: theme.muted, width: rect.width)
    }

    /// A bar for each shard that is read, in its colour.
    private func drawCollate(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
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
    private func drawRebalance(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        let tries = reshard.seedTries.suffix(max(0, rect.height - 1))
        var row = 0
        for attempt in tries {
            canvas.put(seedSpans(attempt), x: rect.x, y: rect.y + row, width: rect.width)
            row += 1
        }
        var words = "\(Figures.plural(reshard.seedsTried, "seed")) tried"
        if reshard.placement == .dealt { words += "; none balanced within the limit, so the nodes are dealt" }
        if reshard.keysRebalanced > 0 { words += "; every key is hashed under seed \(reshard.seed ?? 0)" }
        if row < rect.height { canvas.put(words, x: rect.x, y: rect.y + row, style: theme.muted, width: rect.width) }
    }

    /// seed 3: nodes per shard 2 1 4, and why that does not do.
    func seedSpans(_ attempt: ReshardProgress.SeedTry) -> [Span] {
        let deal = attempt.deal.map { "\($0)" }.joined(separator: " ")
        var spans = [
            Span("seed \(attempt.seed)".padded(to: 9), theme.strong), Span("nodes per shard ", theme.muted),
            Span(deal, theme.plain),
        ]
        if attempt.balanced {
            spans.append(Span("  \(theme.marks.done) every shard has two or more", theme.good))
        } else {
            let short = attempt.deal.indices.filter { attempt.deal[$0] < 2 }.map { "\($0)" }
            let named = short.prefix(4).joined(separator: ", ") + (short.count > 4 ? theme.glyphs.ellipsis : "")
            spans.append(Span("  \(theme.marks.bad) too few for shard \(named)", theme.warning))
        }
        return spans
    }

    /// A bar for each node that takes its portion in, in the colour of its shard to come; beside it the pairs.
    private func drawBroadcast(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
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
            line.add(part.state.rawValue.padded(to: 8), partStyle(part.state), priority: 7)
            line.add(
                "\(Figures.count(part.confirmed).aligned(to: 8)) / \(Figures.count(part.planned).padded(to: totalColumns))",
                theme.muted,
                priority: 5)
            let fraction = part.planned > 0 ? Double(part.confirmed) / Double(part.planned) : 1
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

    /// A stall first, then whether it can still be aborted.
    private func drawSafety(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        guard !rect.isEmpty else { return }
        let still = model.nowMilliseconds - min(model.nowMilliseconds, reshard.lastProgressMilliseconds)
        if still >= 3_000 {
            let reason = reshard.waitingFor.map { ", waiting for \($0)" } ?? ""
            canvas.put(
                "no progress for \(still / 1_000) s\(reason)", x: rect.x, y: rect.y, style: theme.bad, width: rect.width
            )
        } else if model.snapshot?.isReshardInferred == true {
            canvas.put(
                "These nodes tell no progress; this is what their members and counts show.", x: rect.x, y: rect.y,
                style: theme.muted, width: rect.width)
        } else if reshard.isAbortable {
            canvas.put(
                "The old layout is in force until the switch; abort is safe (a).", x: rect.x, y: rect.y,
                style: theme.muted, width: rect.width)
        } else {
            canvas.put(
                "The point of no return is passed; it completes.", x: rect.x, y: rect.y, style: theme.warning,
                width: rect.width)
        }
    }
}
