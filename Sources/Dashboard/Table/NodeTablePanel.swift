import ClusterModel
import TerminalUI
import Wording

/// The table of all nodes, a row each, with every figure that they tell.
extension Drawing {
    private static let gap = 2

    /// Rows that the table needs for all nodes: frame, titles, and one for each.
    var neededTableRows: Int { max(1, model.table.order.count) + 3 }

    /// Rows that the table gets: only those that it needs if that leaves `least` rows for others, else all there are.
    func tableRows(in rows: Int, leaving least: Int) -> Int {
        neededTableRows + least <= rows ? neededTableRows : rows
    }

    func drawNodeTable(_ canvas: inout Canvas, _ rect: Rect) {
        canvas.mark(rect, Target(Place.pane(.shards)))
        let table = model.table
        let count = model.filter == nil ? Figures.plural(model.members.count, "node") : model.filterWords
        let title = [
            Span("nodes", theme.title),
            Span("  \(count), by \(table.sort.title)\(table.isReversed ? ", reversed" : "")", theme.muted),
        ]
        let inside = frame(&canvas, rect, title, isFocused: model.pane == .shards)
        guard inside.height >= 2 else { return }
        let columns = fittedColumns(width: inside.width)
        drawTitles(&canvas, inside, columns.shown)
        let rows = inside.splitTop(1).rest
        guard !table.order.isEmpty else {
            canvas.put(
                model.filter.map { "No node matches '\($0)'; Esc ends the filter." } ?? "No node is known.", x: rows.x,
                y: rows.y, style: theme.warning, width: rows.width)
            return
        }
        let chosen = memberLines.selected.flatMap { id in table.order.firstIndex { model.members[$0].id == id } } ?? 0
        let first = min(max(0, chosen - rows.height / 2), max(0, table.order.count - rows.height))
        for (line, place) in table.order.dropFirst(first).prefix(rows.height).enumerated() {
            let row = Rect(x: rows.x, y: rows.y + line, width: rows.width, height: 1)
            drawRow(&canvas, row, model.members[place], columns.shown)
        }
        drawRest(&canvas, rect, first: first, shown: rows.height, columnsLeft: columns.left)
    }

    /// Draws on the lower edge how many rows and columns do not fit.
    private func drawRest(_ canvas: inout Canvas, _ rect: Rect, first: Int, shown: Int, columnsLeft: Int) {
        var line = FittedLine(gap: [Span(", ")])
        let below = model.table.order.count - first - shown
        if first > 0 || below > 0 {
            line.add("\(Figures.count(first)) above, \(Figures.count(max(0, below))) below", theme.warning, priority: 2)
        }
        if columnsLeft > 0 {
            line.add("\(Figures.plural(columnsLeft, "column")) more: Enter, or :columns", theme.muted, priority: 1)
        }
        let spans = line.spans(width: rect.width - 6)
        guard spans.width > 0 else { return }
        canvas.put([Span(" ")] + spans + [Span(" ")], x: rect.right - 4 - spans.width, y: rect.bottom - 1)
    }

    /// The columns that there is room for, the most telling first, in their order; and how many are left out.
    private func fittedColumns(width: Int) -> (shown: [NodeColumn], left: Int) {
        let wanted = model.tableColumns
        // Columns that the user chose give way from the end.
        let ranked =
            model.table.chosen == nil
            ? wanted.sorted { ($0.priority ?? 0) > ($1.priority ?? 0) } : wanted
        var (kept, used): (Set<NodeColumn>, Int) = ([], 0)
        for column in ranked {
            let more = self.width(of: column) + (kept.isEmpty ? 0 : Self.gap)
            guard used + more <= width else {
                if model.table.chosen != nil { break }
                continue
            }
            kept.insert(column)
            used += more
        }
        return (wanted.filter(kept.contains), wanted.count - kept.count)
    }

    private func drawTitles(_ canvas: inout Canvas, _ rect: Rect, _ columns: [NodeColumn]) {
        var x = rect.x
        for column in columns {
            let isSorted = column == model.table.sort
            let arrow =
                isSorted ? " " + (model.table.isDescending ? theme.marks.descending : theme.marks.ascending) : ""
            let title = (column == .address ? "  " : "") + column.title + arrow
            let width = width(of: column)
            let text = column.isFigure ? title.aligned(to: width) : title.padded(to: width)
            canvas.put(text, x: x, y: rect.y, style: isSorted ? theme.accent.adding(.bold) : theme.muted)
            canvas.mark(
                Rect(x: x, y: rect.y, width: width, height: 1),
                Target(Place.command("sort", argument: column.rawValue)))
            x += width + Self.gap
        }
    }

    private func drawRow(_ canvas: inout Canvas, _ rect: Rect, _ member: Member, _ columns: [NodeColumn]) {
        canvas.mark(rect, Target(Place.node(member.id)))
        let isChosen = member.id == memberLines.selected
        if isChosen {
            canvas.put(
                theme.marks.cursor, x: rect.x - 1, y: rect.y,
                style: model.pane == .shards ? theme.accent : theme.muted)
        }
        var x = rect.x
        for column in columns {
            let cell = cell(column, of: member)
            // The last column has all the room that is left.
            let width = column == columns.last && !column.isFigure ? rect.right - x : width(of: column)
            let text = cell.text.truncated(to: width, mark: theme.glyphs.ellipsis)
            let start = column.isFigure ? x + width - text.columns : x
            if column == .address {
                // The sign of the node's condition, in the style of that condition.
                canvas.put(mark(of: member), x: x, y: rect.y, style: style(of: member))
                canvas.put(
                    String(text.dropFirst(2)), x: x + 2, y: rect.y, style: isChosen ? theme.strong : cell.style)
            } else {
                canvas.put(text, x: start, y: rect.y, style: cell.style)
            }
            x += width + Self.gap
        }
    }
}
