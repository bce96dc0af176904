import ClusterModel
import TerminalUI
import Wording

extension Drawing {
    /// All members under one another, a heading for each shard, scrolled to the selection. Beside a running change
    /// that leaves no room for them, the headings alone.
    func drawList(_ canvas: inout Canvas, _ rect: Rect) {
        var lines: [(group: Group, member: Member?)] = []
        var selectedLine = 0
        let selected = memberLines.selected
        let groups = groups()
        let all = groups.reduce(0) { $0 + 1 + $1.members.count }
        let isBrief = all > rect.height && groups.count <= rect.height && model.shownChange != nil
        for group in groups {
            lines.append((group, nil))
            for member in group.members where !isBrief {
                if member.id == selected { selectedLine = lines.count }
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
            "\(Figures.plural(first, "line")) above, \(Figures.count(max(0, below))) below", x: rect.x + 1,
            y: rect.bottom - 1, style: theme.muted, width: rect.width - 2)
    }

    private func drawHeading(_ canvas: inout Canvas, _ rect: Rect, _ group: Group, isBrief: Bool) {
        var title = title(of: group)
        if isBrief {
            let up = group.members.filter { !$0.condition.isBad }.count
            title.append(
                Span(
                    "  \(up)/\(group.members.count) up", up == group.members.count ? theme.good : theme.bad))
            // The chosen node has no line of its own here.
            if group.members.contains(where: { $0.id == memberLines.selected }) {
                canvas.put(theme.marks.cursor, x: rect.x - 1, y: rect.y, style: theme.muted)
            }
        }
        let used = canvas.put(title, x: rect.x, y: rect.y, width: rect.width) + 1
        guard let shard = group.shard, rect.width - used > 10 else { return }
        drawCount(&canvas, Rect(x: rect.x + used + 1, y: rect.y, width: rect.width - used - 1, height: 1), shard)
    }
}
