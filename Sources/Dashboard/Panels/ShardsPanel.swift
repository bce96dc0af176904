import ShardCore
import ShardWire
import TerminalUI

extension Drawing {
    /// What all members' lines have in common, found once for a frame.
    struct MemberLines: Sendable {
        /// Columns of an address: as the longest, within bounds.
        let address: Int
        /// Columns that the longest word for a condition takes now, so that what stands behind it is aligned.
        let condition: Int
        let hasTraffic: Bool
        let selected: NodeAddress?

        init(_ model: DashboardModel) {
            let members = model.overview.members
            address = min(21, members.map(\.address.description.columns).max() ?? 15)
            condition = members.map { Drawing.words(of: $0, model).columns }.max() ?? 2
            hasTraffic = model.overview.shards.contains { $0.writesPerSecond >= 1 }
            selected = model.selected?.address
        }
    }

    private static let panelColumnsMin = 40

    func drawShards(_ canvas: inout Canvas, _ rect: Rect) {
        canvas.mark(rect, Target(Place.pane(.shards)))
        let groups = groups()
        let columns = max(1, min(groups.count, rect.width / Self.panelColumnsMin))
        let rows = groups.map { $0.members.count + 3 }
        let height = neededShardRows(width: rect.width)
        if height <= rect.height { return drawPanels(&canvas, rect, groups, rows, columns) }
        let plan = gridPlan(width: rect.width)
        let listed = groups.reduce(0) { $0 + 1 + $1.members.count }
        let isBrief = model.shownReshard != nil && groups.count <= rect.height
        if listed > rect.height, !isBrief, plan.columns > 1, plan.rows <= rect.height {
            return drawGrid(&canvas, rect, plan)
        }
        drawList(&canvas, rect)
    }

    /// Rows that all panels take, as many side by side as fit.
    func neededShardRows(width: Int) -> Int {
        let rows = groups().map { $0.members.count + 3 }
        let columns = max(1, min(rows.count, width / Self.panelColumnsMin))
        return stride(from: 0, to: rows.count, by: columns).reduce(0) { sum, start in
            sum + (rows[start..<min(start + columns, rows.count)].max() ?? 0)
        }
    }

    /// Rows that the shards take beside a running change: as many as they need; where there are fewer, those of their
    /// members in a list, or else of their headings.
    func shardRows(in rows: Int, width: Int) -> Int {
        let groups = groups()
        let listed = groups.reduce(0) { $0 + 1 + $1.members.count }
        let grid = gridPlan(width: width).rows + 2
        for needed in [neededShardRows(width: width), listed, groups.count, grid] where needed <= rows { return needed }
        return rows
    }

    /// Rows that the shards take beside events alone, which say nothing in less than three.
    func shardRowsAlone(in rows: Int, width: Int) -> Int {
        let panels = neededShardRows(width: width)
        if panels + 3 <= rows { return panels }
        let groups = groups()
        guard panels > rows, groups.reduce(0, { $0 + 1 + $1.members.count }) > rows else { return rows }
        let grid = gridPlan(width: width).rows + 2 + model.overview.members.filter { !$0.condition.isGood }.count
        return grid + 4 <= rows ? grid : rows
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
        let holdsSelection = group.members.contains { $0.address == memberLines.selected }
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
        if shard.isDown { spans.append(Span("  DOWN: no member answers", theme.bad)) }
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
                Figures.signedPercent(deviation).aligned(to: 8) + " vs even",
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

    /// How a node is; of what was done to it on purpose, that.
    func words(of member: ClusterOverview.Member) -> String { Self.words(of: member, model) }

    private static func words(of member: ClusterOverview.Member, _ model: DashboardModel) -> String {
        if model.demo?.isolated.contains(member.address) == true, !member.condition.isBad { return "cut off" }
        if model.demo?.paused.contains(member.address) == true { return "paused" }
        return member.condition.words
    }

    /// A member's line, the same in panels and in the list: what it is at the left, its figure at the right.
    func draw(_ canvas: inout Canvas, _ rect: Rect, _ member: ClusterOverview.Member) {
        let isSelected = member.address == memberLines.selected && model.pane == .shards
        canvas.mark(rect, Target(Place.node(member.address)))
        let style = theme.style(of: member.condition)
        canvas.put(isSelected ? theme.marks.cursor : " ", x: rect.x - 1, y: rect.y, style: theme.accent)
        defer {
            if !model.isLit(member.address.description) { canvas.restyle(rect) { $0 = theme.frame } }
        }
        let figure = figure(of: member)
        let width = min(rect.width, 72)
        let room = width - figure.width - (figure.isEmpty ? 0 : 1)
        var line = FittedLine(gap: [Span(" ")])
        line.add(theme.mark(of: member.condition), style, priority: 9)
        let address = member.address.description.truncatedAtStart(to: 21, mark: theme.glyphs.ellipsis)
        line.add(address.padded(to: memberLines.address), isSelected ? theme.strong : theme.plain, priority: 9)
        let hasMore = room >= 2 + memberLines.address + 1 + memberLines.condition
        line.add(
            hasMore ? words(of: member).padded(to: memberLines.condition) : words(of: member), style, priority: 8)
        if let lag = member.lagWrites, !member.condition.isBad, lag > 0 || memberLines.hasTraffic {
            // A place of its own while there is traffic, where it comes and goes.
            let text = lag > 0 ? "lag \(Figures.count(Int(clamping: lag)))" : ""
            line.add(memberLines.hasTraffic ? text.padded(to: 7) : text, theme.warning, priority: lag < 20 ? 1 : 5)
        }
        if let reads = member.readsPerSecond, let writes = member.writesPerSecond, reads + writes >= 1 {
            line.add(
                "\(Figures.rate(reads).aligned(to: 5)) r/s \(Figures.rate(writes).aligned(to: 5)) w/s", theme.muted,
                priority: 2)
        }
        if member.condition.isBad, let problem = member.problem {
            line.add(problem, theme.muted, priority: 1)
        }
        let spans = line.spans(width: room)
        if spans.width <= room {
            canvas.put(spans, x: rect.x, y: rect.y, width: room)
            canvas.put(figure, x: rect.x + width - figure.width, y: rect.y)
        } else {
            canvas.put(spans, x: rect.x, y: rect.y, width: rect.width)
        }
    }

    /// The keys that a member holds; in a running change how much of its portion it has confirmed; for one that does
    /// not answer, since when.
    private func figure(of member: ClusterOverview.Member) -> [Span] {
        if let part = part(of: member.address) { return part }
        if member.condition.isBad {
            guard let last = member.answeredMilliseconds else { return [] }
            let seconds = (model.nowMilliseconds - min(model.nowMilliseconds, last)) / 1_000
            return [Span("for \(seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min")", theme.muted)]
        }
        return member.keys.map { [Span(Figures.count($0), theme.plain)] } ?? []
    }

    private func part(of node: NodeAddress) -> [Span]? {
        guard model.isMigrating, let part = model.reshard?.parts.first(where: { $0.node == node }), part.planned > 0,
            part.state == .staging
        else { return nil }
        let style = part.toShard.map(theme.shard) ?? theme.accent
        let share = Int(Double(part.confirmed) / Double(part.planned) * 100)
        return [
            Span("\(theme.glyphs.arrow) shard \(part.toShard.map { "\($0)" } ?? "-")", style),
            Span("\(share) %".aligned(to: 6), theme.plain),
        ]
    }

    /// All members under one another, a heading for each shard, scrolled to the selection. Beside a running change
    /// that leaves no room for them, the headings alone.
    private func drawList(_ canvas: inout Canvas, _ rect: Rect) {
        var lines: [(group: Group, member: ClusterOverview.Member?)] = []
        var selectedLine = 0
        let selected = memberLines.selected
        let groups = groups()
        let all = groups.reduce(0) { $0 + 1 + $1.members.count }
        let isBrief = all > rect.height && groups.count <= rect.height && model.shownReshard != nil
        for group in groups {
            lines.append((group, nil))
            for member in group.members where !isBrief {
                if member.address == selected { selectedLine = lines.count }
                lines.append((group, member))
            }
        }
        // The last row then says how many there are beyond.
        let visible = lines.count > rect.height ? rect.height - 1 : rect.height
        let first = min(max(0, selectedLine - visible / 2), max(0, lines.count - visible))
        for (row, line) in lines.dropFirst(first).prefix(visible).enumerated() {
            let place = Rect(x: rect.x + 1, y: rect.y + row, width: rect.width - 2, height: 1)
            if let member = line.member {
                draw(&canvas, Rect(x: place.x + 2, y: place.y, width: place.width - 2, height: 1), member)
            } else {
                drawHeading(&canvas, place, line.group, isBrief: isBrief)
            }
        }
        let below = lines.count - first - visible
        guard lines.count > rect.height else { return }
        canvas.put(
            "\(Figures.count(first)) lines above, \(Figures.count(max(0, below))) below", x: rect.x + 1,
            y: rect.bottom - 1, style: theme.muted, width: rect.width - 2)
    }

    private func drawHeading(_ canvas: inout Canvas, _ rect: Rect, _ group: Group, isBrief: Bool) {
        var title = title(of: group.shard)
        if isBrief {
            let up = group.members.filter { !$0.condition.isBad }.count
            title.append(
                Span(
                    "  \(up)/\(group.members.count) up", up == group.members.count ? theme.good : theme.bad))
        }
        let used = canvas.put(title, x: rect.x, y: rect.y, width: rect.width) + 1
        guard let shard = group.shard, rect.width - used > 10 else { return }
        drawCount(&canvas, Rect(x: rect.x + used, y: rect.y, width: rect.width - used, height: 1), shard)
    }
}
