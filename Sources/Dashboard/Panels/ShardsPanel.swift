import ShardCore
import ShardWire
import TerminalUI

extension Drawing {
    private static let panelColumnsMin = 38

    func drawShards(_ canvas: inout Canvas, _ rect: Rect) {
        let groups = groups()
        let columns = max(1, min(groups.count, rect.width / Self.panelColumnsMin))
        let rows = groups.map { $0.members.count + 3 }
        let height = neededShardRows(width: rect.width)
        if height <= rect.height { drawPanels(&canvas, rect, groups, rows, columns) } else { drawList(&canvas, rect) }
    }

    /// Rows that all panels take, as many side by side as fit.
    func neededShardRows(width: Int) -> Int {
        let rows = groups().map { $0.members.count + 3 }
        let columns = max(1, min(rows.count, width / Self.panelColumnsMin))
        return stride(from: 0, to: rows.count, by: columns).reduce(0) { sum, start in
            sum + (rows[start..<min(start + columns, rows.count)].max() ?? 0)
        }
    }

    /// What one panel shows: a shard, or the nodes in none.
    private struct Group {
        var shard: ClusterOverview.Shard?
        var members: [ClusterOverview.Member]
    }

    private func groups() -> [Group] {
        var groups = model.overview.shards.map { Group(shard: $0, members: $0.members) }
        if !model.overview.others.isEmpty { groups.append(Group(shard: nil, members: model.overview.others)) }
        return groups
    }

    private func drawPanels(
        _ canvas: inout Canvas, _ rect: Rect, _ groups: [Group], _ rows: [Int], _ columns: Int
    ) {
        var y = rect.y
        let spare = rect.height
        for start in stride(from: 0, to: groups.count, by: columns) {
            let line = Array(groups[start..<min(start + columns, groups.count)])
            let height = min(rows[start..<start + line.count].max() ?? 0, rect.y + spare - y)
            for (place, cell) in Rect(x: rect.x, y: y, width: rect.width, height: height).columns(columns)
                .enumerated() where place < line.count
            {
                draw(&canvas, cell, line[place])
            }
            y += height
        }
    }

    private func draw(_ canvas: inout Canvas, _ rect: Rect, _ group: Group) {
        let selected = model.selected
        let holdsSelection = group.members.contains { $0.address == selected?.address }
        let inside = frame(
            &canvas, rect, title(of: group.shard), isFocused: model.pane == .shards && holdsSelection)
        var y = inside.y
        if let shard = group.shard {
            drawCount(&canvas, Rect(x: inside.x, y: y, width: inside.width, height: 1), shard)
            y += 1
        }
        for member in group.members where y < inside.bottom {
            draw(&canvas, Rect(x: inside.x, y: y, width: inside.width, height: 1), member)
            y += 1
        }
    }

    private func title(of shard: ClusterOverview.Shard?) -> [Span] {
        guard let shard else { return [Span("in no shard", theme.title)] }
        var spans = [Span("shard \(shard.id)", theme.shard(shard.id).adding(.bold))]
        if shard.isDown { spans.append(Span("  DOWN: its keys cannot be reached", theme.bad)) }
        return spans
    }

    /// The shard's keys: number, bar, share, deviation from even, operations a second.
    private func drawCount(_ canvas: inout Canvas, _ rect: Rect, _ shard: ClusterOverview.Shard) {
        let style = theme.shard(shard.id)
        let count = (shard.keys.map(Figures.count) ?? "?").aligned(to: 9)
        var line = FittedLine(gap: [Span("  ")])
        line.add([Span(count, theme.strong), Span(" keys", theme.muted)], priority: 9)
        if !shard.isEven { line.add("members differ", theme.warning, priority: 3) }
        if let (share, deviation) = model.overview.share(of: shard) {
            line.add(Figures.percent(share).aligned(to: 7), theme.plain, priority: 8)
            line.add(
                Figures.signedPercent(deviation).aligned(to: 8) + " of even",
                abs(deviation) > 0.25 ? theme.warning : theme.muted, priority: 2)
        }
        let operations = shard.readsPerSecond + shard.writesPerSecond
        if operations >= 1 {
            line.add(Figures.rate(operations).aligned(to: 6) + " op/s", theme.plain, priority: 4)
        }
        let used = canvas.put(line.spans(width: rect.width), x: rect.x, y: rect.y, width: rect.width)
        let room = rect.width - used - 2
        guard room >= 6 else { return }
        let spark = operations >= 1 && room >= 16 ? min(20, room / 3) : 0
        if let (share, _) = model.overview.share(of: shard) {
            canvas.bar(
                x: rect.x + used + 2, y: rect.y, width: room - (spark > 0 ? spark + 1 : 0), fraction: share,
                style: style, track: theme.track, glyphs: theme.glyphs)
        }
        if spark > 0 {
            let points = model.history.operations[shard.id] ?? []
            let highest = model.history.operations.values.map { $0.suffix(spark).max() ?? 0 }.max() ?? 0
            canvas.sparkline(
                points, x: rect.right - spark, y: rect.y, width: spark, highest: highest, style: style,
                glyphs: theme.glyphs)
        }
    }

    /// Columns that the longest word for a condition takes now, so that the figures behind it are aligned.
    private var conditionColumns: Int { model.overview.members.map(\.condition.words.columns).max() ?? 2 }

    /// A member's line, the same in panels and in the list.
    private func draw(_ canvas: inout Canvas, _ rect: Rect, _ member: ClusterOverview.Member) {
        let isSelected = member.address == model.selected?.address && model.pane == .shards
        let style = theme.style(of: member.condition)
        canvas.put(isSelected ? theme.marks.cursor : " ", x: rect.x - 1, y: rect.y, style: theme.accent)
        var line = FittedLine(gap: [Span(" ")])
        line.add(theme.mark(of: member.condition), style, priority: 9)
        let address = member.address.description.truncatedAtStart(to: 21, mark: theme.glyphs.ellipsis)
        line.add(address.padded(to: 15), isSelected ? theme.strong : theme.plain, priority: 9)
        line.add(member.condition.words.padded(to: conditionColumns), style, priority: 8)
        if let part = part(of: member.address) {
            line.add(part, theme.accent, priority: 6)
        } else if let keys = member.keys, !member.condition.isBad {
            line.add(Figures.count(keys).aligned(to: 9), theme.muted, priority: 4)
        } else if member.condition.isBad, let last = member.answeredMilliseconds {
            let seconds = (model.nowMilliseconds - min(model.nowMilliseconds, last)) / 1_000
            line.add("for \(Figures.duration(microseconds: seconds * 1_000_000))", theme.muted, priority: 4)
        }
        if let lag = member.lagWrites, lag > 0, !member.condition.isBad {
            line.add("lag \(Figures.count(Int(clamping: lag)))", theme.warning, priority: 3)
        }
        if let reads = member.readsPerSecond, let writes = member.writesPerSecond, reads + writes >= 1 {
            line.add(
                "\(Figures.rate(reads)) r/s \(Figures.rate(writes)) w/s".aligned(to: 16), theme.muted, priority: 2)
        }
        if member.condition.isBad, let problem = member.problem {
            line.add(problem, theme.muted, priority: 1)
        }
        canvas.put(line.spans(width: rect.width), x: rect.x, y: rect.y, width: rect.width)
    }

    /// What a node does in a running change: how much of its portion it has confirmed.
    private func part(of node: NodeAddress) -> String? {
        guard model.isMigrating, let part = model.reshard?.parts.first(where: { $0.node == node }), part.planned > 0,
            part.state == .staging
        else { return nil }
        return "takes in \(Figures.percent(Double(part.confirmed) / Double(part.planned)))"
    }

    /// All members under one another, a heading for each shard, scrolled to the selection.
    private func drawList(_ canvas: inout Canvas, _ rect: Rect) {
        var lines: [(shard: ClusterOverview.Shard?, member: ClusterOverview.Member?)] = []
        var selectedLine = 0
        let selected = model.selected?.address
        for group in groups() {
            lines.append((group.shard, nil))
            for member in group.members {
                if member.address == selected { selectedLine = lines.count }
                lines.append((group.shard, member))
            }
        }
        let visible = rect.height
        let first = min(max(0, selectedLine - visible / 2), max(0, lines.count - visible))
        for (row, line) in lines.dropFirst(first).prefix(visible).enumerated() {
            let place = Rect(x: rect.x + 1, y: rect.y + row, width: rect.width - 2, height: 1)
            if let member = line.member {
                draw(&canvas, Rect(x: place.x + 2, y: place.y, width: place.width - 2, height: 1), member)
            } else {
                let used = canvas.put(title(of: line.shard), x: place.x, y: place.y, width: place.width) + 1
                if let shard = line.shard, place.width - used > 10 {
                    drawCount(
                        &canvas, Rect(x: place.x + used, y: place.y, width: place.width - used, height: 1), shard)
                }
            }
        }
        let below = lines.count - first - visible
        if below > 0 || first > 0 {
            let text = " \(Figures.count(first)) above, \(Figures.count(max(0, below))) below "
            canvas.put(
                text, x: rect.right - 1 - text.columns, y: rect.bottom - 1, style: theme.muted.adding(.reverse))
        }
    }
}
