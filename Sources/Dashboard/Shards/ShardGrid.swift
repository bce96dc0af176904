import ShardCore
import TerminalUI

/// Clusters too large for a line to each node: a cell for each shard with a sign for each member, and in full only what
/// is not well and what is chosen.
extension Drawing {
    private static let signsMax = 8
    private static let gap = 3

    /// How the cells of a grid are laid out.
    struct GridPlan: Sendable {
        var columns: Int
        var rows: Int
        var cellWidth: Int
        var idWidth: Int
        var signs: Int
    }

    func gridPlan(width: Int) -> GridPlan {
        let shards = model.overview.shards
        let idWidth = shards.map(\.id.description.columns).max() ?? 1
        let signs = min(Self.signsMax, shards.map(\.members.count).max() ?? 1)
        let cellWidth = idWidth + 1 + signs + 1 + Self.keysColumns
        let columns = max(1, (width - 2 + Self.gap) / (cellWidth + Self.gap))
        // The nodes in no shard take a cell too.
        let cells = shards.count + (model.overview.others.isEmpty ? 0 : 1)
        return GridPlan(
            columns: columns, rows: (cells + columns - 1) / columns, cellWidth: cellWidth, idWidth: idWidth,
            signs: signs)
    }

    private static let keysColumns = 9

    func drawGrid(_ canvas: inout Canvas, _ rect: Rect, _ plan: GridPlan) {
        let (top, grid) = rect.splitTop(1)
        drawLegend(&canvas, top)
        let rect = grid
        for (index, shard) in model.overview.shards.enumerated() {
            draw(&canvas, cell(index, rect, plan), "\(shard.id)", shard.members, keys: shard.keys, of: shard, plan)
        }
        if !model.overview.others.isEmpty {
            let place = cell(model.overview.shards.count, rect, plan)
            draw(&canvas, place, "-", model.overview.others, keys: nil, of: nil, plan)
        }
        drawNotable(&canvas, Rect(x: rect.x, y: rect.y + plan.rows, width: rect.width, height: rect.height - plan.rows))
    }

    /// What stands in a cell, and what its signs mean.
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

    private func draw(
        _ canvas: inout Canvas, _ rect: Rect, _ name: String, _ members: [ClusterOverview.Member], keys: Int?,
        of shard: ClusterOverview.Shard?, _ plan: GridPlan
    ) {
        let style = shard.map { self.style(of: $0.id) } ?? theme.muted
        canvas.put(name.aligned(to: plan.idWidth), x: rect.x, y: rect.y, style: style.adding(.bold))
        var x = rect.x + plan.idWidth + 1
        for member in members.prefix(plan.signs) {
            let isChosen = member.address == memberLines.selected
            var style = self.style(of: member)
            if !model.isLit(member) { style = theme.frame }
            if isChosen { style = style.adding(.reverse) }
            canvas.put(
                [Span(mark(of: member), style, target: Target(Place.node(member.address)))], x: x,
                y: rect.y)
            x += 1
        }
        let count = shard == nil ? "no shard" : keys.map(Figures.count) ?? "?"
        canvas.put(
            count.aligned(to: Self.keysColumns), x: rect.right - Self.keysColumns, y: rect.y,
            style: shard?.isEven == false ? theme.warning : shard?.isDown == true ? theme.bad : theme.plain)
    }

    /// The chosen node first, then those that are not well.
    private func drawNotable(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.height >= 2 else { return }
        var rows = rect.inset(columns: 1, rows: 0)
        rows = rows.splitTop(1).1
        let troubled = model.overview.members.filter { !$0.condition.isGood && $0.address != memberLines.selected }
        let chosen = model.selected.map { [$0] } ?? []
        let shown = Array((chosen + troubled).prefix(rows.height))
        for (row, member) in shown.enumerated() {
            let place = Rect(x: rows.x + 1, y: rows.y + row, width: rows.width - 1, height: 1)
            let tag = member.shard.map { "shard \($0)" } ?? "no shard"
            canvas.put(tag, x: place.x, y: place.y, style: member.shard.map(style(of:)) ?? theme.muted)
            draw(&canvas, Rect(x: place.x + 11, y: place.y, width: place.width - 11, height: 1), member)
        }
        let hidden = chosen.count + troubled.count - shown.count
        guard hidden > 0, rows.height > 0 else { return }
        let text = "and \(hidden) more that are not well; s sorts them to the top"
        let place = Rect(x: rows.x + 1, y: rows.bottom - 1, width: rows.width - 1, height: 1)
        canvas.fill(place)
        canvas.put(text, x: place.x, y: place.y, style: theme.warning, width: place.width)
    }
}
