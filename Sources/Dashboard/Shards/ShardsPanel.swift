import ShardCore
import ShardWire
import TerminalUI

extension Drawing {
    private static let panelColumnsMin = 40
    /// Rows that events are left with before shards get more than a line for each member.
    private static let eventRowsMin = 8
    private static let eventRowsBesideMigrationMin = 6

    /// Nodes with the basic endpoints only tell of no operations.
    private var forms: [PanelForm] { model.overview.isBasic ? [.compact] : PanelForm.all }

    func drawShards(_ canvas: inout Canvas, _ rect: Rect) {
        canvas.mark(rect, Target(Place.pane(.shards)))
        let groups = groups()
        if let form = forms.first(where: { neededShardRows(width: rect.width, $0) <= rect.height }) {
            return drawPanels(&canvas, rect, groups, form)
        }
        let plan = gridPlan(width: rect.width)
        let listed = groups.reduce(0) { $0 + 1 + $1.members.count }
        let isBrief = model.shownReshard != nil && groups.count <= rect.height
        if listed > rect.height, !isBrief, plan.columns > 1, plan.rows + 1 <= rect.height {
            return drawGrid(&canvas, rect, plan)
        }
        drawList(&canvas, rect)
    }

    /// Rows that all panels take, as many side by side as fit.
    func neededShardRows(width: Int, _ form: PanelForm = .compact) -> Int {
        let rows = groups().map { $0.rows(form) }
        let columns = max(1, min(rows.count, width / Self.panelColumnsMin))
        return stride(from: 0, to: rows.count, by: columns).reduce(0) { sum, start in
            sum + (rows[start..<min(start + columns, rows.count)].max() ?? 0)
        }
    }

    /// Rows that the shards take beside a running change: as many as they need; where there are fewer, those of their
    /// members in a list, or else of their headings.
    func shardRows(in rows: Int, width: Int) -> Int {
        let leastExtra = forms.dropLast().map(\.extraRows).min() ?? 0
        for form in forms where !form.isCompact && !form.isTall {
            let needed = neededShardRows(width: width, form)
            // The least of the larger forms may take what events would get: those come back with the change's end.
            let left = form.extraRows > leastExtra ? Self.eventRowsBesideMigrationMin : 0
            if needed + left <= rows { return needed }
        }
        let groups = groups()
        let listed = groups.reduce(0) { $0 + 1 + $1.members.count }
        let grid = gridPlan(width: width).rows + 3
        for needed in [neededShardRows(width: width), listed, groups.count, grid] where needed <= rows { return needed }
        return rows
    }

    /// Rows that the shards take beside events alone, which say nothing in less than three.
    func shardRowsAlone(in rows: Int, width: Int) -> Int {
        let most = rows - max(Self.eventRowsMin, rows * 2 / 5)
        for form in forms where !form.isCompact && !form.isTall {
            let needed = neededShardRows(width: width, form)
            if needed <= most { return needed }
        }
        let panels = neededShardRows(width: width)
        if panels + 3 <= rows { return panels }
        let groups = groups()
        guard panels > rows, groups.reduce(0, { $0 + 1 + $1.members.count }) > rows else { return rows }
        let grid = gridPlan(width: width).rows + 3 + model.overview.members.filter { !$0.condition.isGood }.count
        return grid + 4 <= rows ? grid : rows
    }

    /// What one panel shows: a shard, or the nodes in none.
    struct Group {
        var shard: ClusterOverview.Shard?
        var members: [ClusterOverview.Member]

        /// Those of the frame, of each member, and of a shard's count and load.
        func rows(_ form: PanelForm) -> Int {
            members.count + 2 + (shard == nil ? 0 : 1 + form.extraRows)
        }
    }

    func groups() -> [Group] {
        var groups = model.overview.shards.map { Group(shard: $0, members: $0.members) }
        if !model.overview.others.isEmpty { groups.append(Group(shard: nil, members: model.overview.others)) }
        return groups
    }

    private func drawPanels(_ canvas: inout Canvas, _ rect: Rect, _ groups: [Group], _ form: PanelForm) {
        let columns = max(1, min(groups.count, rect.width / Self.panelColumnsMin))
        var y = rect.y
        for start in stride(from: 0, to: groups.count, by: columns) {
            let line = Array(groups[start..<min(start + columns, groups.count)])
            let height = min(line.map { $0.rows(form) }.max() ?? 0, rect.bottom - y)
            let places = Rect(x: rect.x, y: y, width: rect.width, height: height).columns(columns)
            for (place, group) in zip(places, line) {
                // Nodes in no shard need no more room than they fill.
                let rows = group.shard == nil ? min(height, group.rows(form)) : height
                draw(&canvas, place.splitTop(rows).top, group, form)
            }
            y += height
        }
    }

    private func draw(_ canvas: inout Canvas, _ rect: Rect, _ group: Group, _ form: PanelForm) {
        let holdsSelection = group.members.contains { $0.address == memberLines.selected }
        let inside = frame(
            &canvas, rect, title(of: group.shard), isFocused: model.pane == .shards && holdsSelection)
        var rest = inside
        func next(_ rows: Int = 1) -> Rect {
            let (top, below) = rest.splitTop(rows)
            rest = below
            return top
        }
        if let shard = group.shard {
            drawCount(&canvas, next(), shard, isAlone: !form.isCompact)
            if !form.isCompact {
                drawShare(&canvas, next(), shard)
                if form.isAiry { _ = next() }
                drawOperations(&canvas, next(form.operationRows), shard)
                if form.isAiry { _ = next() }
            }
        }
        for member in group.members where !rest.isEmpty {
            draw(&canvas, next(), member, hasBar: group.shard != nil && !form.isCompact)
        }
    }

    /// A shard's own colour.
    func style(of shard: ShardID) -> Style { theme.shard(model.overview.places[shard] ?? 0) }

    func title(of shard: ClusterOverview.Shard?) -> [Span] {
        guard let shard else { return [Span("in no shard", theme.title)] }
        var spans = [Span("shard \(shard.id)", style(of: shard.id).adding(.bold))]
        if shard.isDown { spans.append(Span("  DOWN: no member answers", theme.bad)) }
        return spans
    }
}
