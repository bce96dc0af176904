import ClusterModel
import TerminalUI
import Wording

extension Drawing {
    private static let panelColumnsMin = 40
    /// The least rows left for events before shards get more than a line for each member.
    private static let eventRowsMin = 8
    private static let eventRowsBesideMigrationMin = 6

    private static let noMatchRows = 4

    /// The possible forms: nodes with the basic endpoints only tell of no operations.
    private var forms: [PanelForm] { model.overview.isBasic ? [.compact] : PanelForm.all }

    func drawShards(_ canvas: inout Canvas, _ rect: Rect) {
        if model.table.isShown { return drawNodeTable(&canvas, rect) }
        canvas.mark(rect, Target(Place.pane(.shards)))
        let groups = groups
        guard !groups.isEmpty || model.filter == nil else { return drawNoMatch(&canvas, rect) }
        if let form = forms.first(where: { neededShardRows(width: rect.width, $0) <= rect.height }) {
            return drawPanels(&canvas, rect, groups, form)
        }
        let plan = gridPlan(width: rect.width)
        let listed = model.digest.listedRows
        let isBrief = model.shownChange != nil && groups.count <= rect.height
        if listed > rect.height, !isBrief, plan.columns > 1, plan.rows + 1 <= rect.height {
            return drawGrid(&canvas, rect, plan)
        }
        drawList(&canvas, rect)
    }

    /// The columns of the narrowest of the panels side by side.
    func panelColumns(width: Int) -> Int { width / max(1, min(groups.count, width / Self.panelColumnsMin)) }

    /// Rows that all panels take, as many side by side as fit.
    func neededShardRows(width: Int, _ form: PanelForm = .compact) -> Int {
        let sizes = model.digest.sizes
        // The sentence that nothing matches needs rows, too.
        if sizes.isEmpty { return model.filter == nil ? 0 : Self.noMatchRows }
        let columns = max(1, min(sizes.count, width / Self.panelColumnsMin))
        var (sum, most) = (0, 0)
        for index in sizes.indices {
            most = max(most, sizes[index].rows(form))
            guard index % columns == columns - 1 || index == sizes.count - 1 else { continue }
            (sum, most) = (sum + most, 0)
        }
        return sum
    }

    /// Rows that the shards take beside a running change: as many as their panels need; if there are fewer, those of
    /// their members in a list, or else of their headings.
    func shardRows(in rows: Int, width: Int) -> Int {
        if model.table.isShown { return min(rows, neededTableRows) }
        let leastExtra = forms.dropLast().map(\.extraRows).min() ?? 0
        for form in forms where !form.isCompact && !form.isTall {
            let needed = neededShardRows(width: width, form)
            // The smallest form with operations may take the rows of events, which come back with the change's end.
            let left = form.extraRows > leastExtra ? Self.eventRowsBesideMigrationMin : 0
            if needed + left <= rows { return needed }
        }
        let groups = groups
        let listed = model.digest.listedRows
        let grid = gridPlan(width: width).rows + 3
        for needed in [neededShardRows(width: width), listed, groups.count, grid] where needed <= rows { return needed }
        return rows
    }

    /// Rows that the shards take beside events alone, which need at least three.
    func shardRowsAlone(in rows: Int, width: Int) -> Int {
        if model.table.isShown { return tableRows(in: rows, leaving: Self.eventRowsBesideMigrationMin) }
        let most = rows - max(Self.eventRowsMin, rows * 2 / 5)
        for form in forms where !form.isCompact && !form.isTall {
            let needed = neededShardRows(width: width, form)
            if needed <= most { return needed }
        }
        let panels = neededShardRows(width: width)
        if panels + 3 <= rows { return panels }
        guard panels > rows, model.digest.listedRows > rows else { return rows }
        let grid = gridPlan(width: width).rows + 3 + model.digest.troubled.count
        return grid + 4 <= rows ? grid : rows
    }

    /// The shards and members that the filter lets through; a shard without any such member is left out.
    var groups: [ShardGroup] { model.digest.groups }

    private func drawNoMatch(_ canvas: inout Canvas, _ rect: Rect) {
        let text = "Nothing matches '\(model.filter ?? "")'; Esc ends the filter."
        let inside = rect.inset(columns: 2, rows: min(1, rect.height / 3))
        for (row, line) in text.wrapped(to: inside.width).prefix(inside.height).enumerated() {
            canvas.put(line, x: inside.x, y: inside.y + row, style: theme.warning, width: inside.width)
        }
    }

    private func drawPanels(_ canvas: inout Canvas, _ rect: Rect, _ groups: [ShardGroup], _ form: PanelForm) {
        let columns = max(1, min(groups.count, rect.width / Self.panelColumnsMin))
        var y = rect.y
        for start in stride(from: 0, to: groups.count, by: columns) {
            let line = Array(groups[start..<min(start + columns, groups.count)])
            let height = min(line.map { $0.size.rows(form) }.max() ?? 0, rect.bottom - y)
            let places = Rect(x: rect.x, y: y, width: rect.width, height: height).columns(columns)
            for (place, group) in zip(places, line) {
                // Nodes in no shard need no more room than they fill.
                let rows = group.shard == nil ? min(height, group.size.rows(form)) : height
                draw(&canvas, place.splitTop(rows).top, group, form)
            }
            y += height
        }
    }

    private func draw(_ canvas: inout Canvas, _ rect: Rect, _ group: ShardGroup, _ form: PanelForm) {
        let holdsSelection = group.members.contains { $0.id == memberLines.selected }
        let inside = frame(
            &canvas, rect, title(of: group), isFocused: model.pane == .shards && holdsSelection)
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

    /// The shard's own colour.
    func style(of shard: ShardID) -> Style { theme.shard(model.overview.place(of: shard)) }

    static let shardColumnsMax = 16

    /// The shard's id, cut if it is long, for a place beside other things.
    func name(of shard: ShardID) -> String {
        shard.description.truncatedInMiddle(to: Self.shardColumnsMax, mark: theme.glyphs.ellipsis)
    }

    func title(of group: ShardGroup) -> [Span] {
        let hidesShard = group.members.contains { !$0.isShardTold }
        var spans = [Span(hidesShard ? "in no shard, or not told" : "in no shard", theme.title)]
        if let shard = group.shard {
            spans = [Span("shard \(name(of: shard.id))", style(of: shard.id).adding(.bold))]
            if shard.isDown { spans.append(Span("  DOWN: no member answers", theme.bad)) }
        }
        if group.hidden > 0 {
            let all = Figures.plural(group.members.count + group.hidden, "node")
            spans.append(Span("  \(group.members.count) of \(all)", theme.warning))
        }
        return spans
    }
}
