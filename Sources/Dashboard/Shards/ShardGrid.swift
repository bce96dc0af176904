import ClusterModel
import TerminalUI
import Wording

/// The grid, for clusters too large for a line to each node: a cell for each shard with a sign for each member, and
/// full lines only for nodes that are chosen or not well.
extension Drawing {
    private static let signsMax = 8
    private static let gap = 3

    /// The arrangement of the cells of a grid.
    struct GridPlan: Sendable {
        var columns: Int
        var rows: Int
        var cellWidth: Int
        var idWidth: Int
        var countWidth: Int
        var signs: Int
    }

    func gridPlan(width: Int) -> GridPlan {
        let groups = groups
        let idWidth = min(Self.shardColumnsMax, model.digest.shardColumns)
        let signs = min(Self.signsMax, model.digest.membersMax)
        let countWidth = max(9, model.digest.keysColumns)
        let cellWidth = idWidth + 1 + signs + 1 + countWidth
        let columns = max(1, (width - 2 + Self.gap) / (cellWidth + Self.gap))
        return GridPlan(
            columns: columns, rows: (groups.count + columns - 1) / columns, cellWidth: cellWidth, idWidth: idWidth,
            countWidth: countWidth, signs: signs)
    }

    private func name(of group: ShardGroup) -> String { group.shard.map { name(of: $0.id) } ?? "-" }

    private func count(of group: ShardGroup) -> String {
        group.shard.map { $0.keys.map(Figures.count) ?? "?" } ?? "no shard"
    }

    func drawGrid(_ canvas: inout Canvas, _ rect: Rect, _ plan: GridPlan) {
        let (top, grid) = rect.splitTop(1)
        drawLegend(&canvas, top)
        let rect = grid
        for (index, group) in groups.enumerated() { draw(&canvas, cell(index, rect, plan), group, plan) }
        drawNotable(&canvas, Rect(x: rect.x, y: rect.y + plan.rows, width: rect.width, height: rect.height - plan.rows))
    }

    /// Draws the contents of a cell in words, and the meaning of its signs.
    private func drawLegend(_ canvas: inout Canvas, _ rect: Rect) {
        var line = FittedLine(gap: [Span("  ")])
        line.add("shards", theme.title, priority: 9)
        line.add(
            [
                Span("each with its id, its members ", theme.muted), Span(theme.marks.good, theme.good),
                Span(" up ", theme.muted), Span(theme.marks.warning, theme.warning), Span(" not whole ", theme.muted),
                Span(theme.marks.bad, theme.bad), Span(" down, and its keys", theme.muted),
            ], priority: 8)
        canvas.put(line.spans(width: rect.width - 2), x: rect.x + 1, y: rect.y, width: rect.width - 2)
    }

    private func cell(_ index: Int, _ rect: Rect, _ plan: GridPlan) -> Rect {
        Rect(
            x: rect.x + 1 + index % plan.columns * (plan.cellWidth + Self.gap), y: rect.y + index / plan.columns,
            width: plan.cellWidth, height: 1)
    }

    private func draw(_ canvas: inout Canvas, _ rect: Rect, _ group: ShardGroup, _ plan: GridPlan) {
        let shard = group.shard
        let style = shard.map { self.style(of: $0.id) } ?? theme.muted
        canvas.put(name(of: group).aligned(to: plan.idWidth), x: rect.x, y: rect.y, style: style.adding(.bold))
        var x = rect.x + plan.idWidth + 1
        for member in group.members.prefix(plan.signs) {
            let isChosen = member.id == memberLines.selected
            var style = self.style(of: member)
            if isChosen { style = style.adding(.reverse) }
            canvas.put(
                [Span(mark(of: member), style, target: Target(Place.node(member.id)))], x: x,
                y: rect.y)
            x += 1
        }
        canvas.put(
            count(of: group).aligned(to: plan.countWidth), x: rect.right - plan.countWidth, y: rect.y,
            style: shard?.isEven == false ? theme.warning : shard?.isDown == true ? theme.bad : theme.plain)
    }

    private func tag(of member: Member) -> String {
        member.shard.map { "shard \(name(of: $0))" } ?? "no shard"
    }

    /// Draws the chosen node first, then those that are not well.
    private func drawNotable(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.height >= 2 else { return }
        var rows = rect.inset(columns: 1, rows: 0)
        rows = rows.splitTop(1).1
        let troubled = model.digest.troubled.filter { $0.id != memberLines.selected }
        let chosen = model.selected.map { [$0] } ?? []
        let shown = Array((chosen + troubled).prefix(rows.height))
        // Two columns more, for a blank and the sign of the chosen node.
        let left = max(9, shown.map { tag(of: $0).columns }.max() ?? 0) + 2
        for (row, member) in shown.enumerated() {
            let place = Rect(x: rows.x + 1, y: rows.y + row, width: rows.width - 1, height: 1)
            canvas.put(tag(of: member), x: place.x, y: place.y, style: member.shard.map(style(of:)) ?? theme.muted)
            draw(&canvas, Rect(x: place.x + left, y: place.y, width: place.width - left, height: 1), member)
        }
        let hidden = chosen.count + troubled.count - shown.count
        guard hidden > 0, rows.height > 0 else { return }
        let text = "and \(hidden) more that are not well; s sorts them to the top"
        let place = Rect(x: rows.x + 1, y: rows.bottom - 1, width: rows.width - 1, height: 1)
        canvas.fill(place)
        canvas.put(text, x: place.x, y: place.y, style: theme.warning, width: place.width)
    }
}
