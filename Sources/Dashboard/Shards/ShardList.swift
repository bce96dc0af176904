import ClusterModel
import TerminalUI
import Wording

extension Drawing {
    /// Draws all members in a list with a heading for each shard, scrolled to the selection. If a shown change leaves
    /// no room for them, only the headings are drawn.
    func drawList(_ canvas: inout Canvas, _ rect: Rect) {
        let groups = groups
        let isBrief =
            model.digest.listedRows > rect.height && groups.count <= rect.height && model.shownChange != nil
        let lines = isBrief ? groups.count : model.digest.listedRows
        // If not all lines fit, the last row says how many there are beyond.
        let visible = lines > rect.height ? rect.height - 1 : rect.height
        let first = min(max(0, (isBrief ? 0 : selectedLine) - visible / 2), max(0, lines - visible))
        let row = { (line: Int) in Rect(x: rect.x + 1, y: rect.y + line - first, width: rect.width - 2, height: 1) }
        let shown = first..<min(lines, first + visible)
        var line = 0
        for group in groups.indices where line < shown.upperBound {
            if shown.contains(line) { drawHeading(&canvas, row(line), groups[group], isBrief: isBrief) }
            line += 1
            guard !isBrief else { continue }
            let members = groups[group].members
            for member in members.indices where shown.contains(line + member) {
                let place = row(line + member)
                draw(&canvas, Rect(x: place.x + 2, y: place.y, width: place.width - 2, height: 1), members[member])
            }
            line += members.count
        }
        guard lines > rect.height else { return }
        canvas.put(
            "\(Figures.plural(first, "line")) above, \(Figures.count(max(0, lines - first - visible))) below",
            x: rect.x + 1, y: rect.bottom - 1, style: theme.muted, width: rect.width - 2)
    }

    /// The line of the chosen member, in the list of all members.
    private var selectedLine: Int {
        var line = 0
        for group in groups {
            if let place = group.members.firstIndex(where: { $0.id == memberLines.selected }) {
                return line + 1 + place
            }
            line += 1 + group.members.count
        }
        return 0
    }

    private func drawHeading(_ canvas: inout Canvas, _ rect: Rect, _ group: ShardGroup, isBrief: Bool) {
        var title = title(of: group)
        if isBrief {
            let up = group.members.filter { !$0.condition.isBad }.count
            title.append(
                Span(
                    "  \(up)/\(group.members.count) up", up == group.members.count ? theme.good : theme.bad))
            // The chosen node has no line of its own here, so its shard's heading is marked.
            if group.members.contains(where: { $0.id == memberLines.selected }) {
                canvas.put(theme.marks.cursor, x: rect.x - 1, y: rect.y, style: theme.muted)
            }
        }
        let used = canvas.put(title, x: rect.x, y: rect.y, width: rect.width) + 1
        guard let shard = group.shard, rect.width - used > 10 else { return }
        drawCount(&canvas, Rect(x: rect.x + used + 1, y: rect.y, width: rect.width - used - 1, height: 1), shard)
    }
}
