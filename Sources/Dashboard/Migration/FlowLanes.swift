import ClusterModel
import TerminalUI
import Wording

/// The lanes between the shards, the coordinator and the nodes, with the keys that run on them.
extension Drawing {
    /// The least width of a lane beside the figures.
    static let laneColumnsMin = 8
    static let coordinatorColumns = 19

    /// Draws one lane from left to right, with an arrowhead at its end.
    func drawLane(_ canvas: inout Canvas, x: Int, y: Int, width: Int, _ lane: Flow.Lane, style: Style) {
        guard width >= 3 else { return }
        let track = width - 1
        for column in 0..<track {
            canvas.put(theme.glyphs.lane, x: x + column, y: y, style: theme.frame)
        }
        var loads: [Int: Int] = [:]
        for place in model.flow.places(on: lane, atMilliseconds: model.nowMilliseconds) {
            loads[min(track - 1, Int(place * Double(track))), default: 0] += 1
        }
        for (column, load) in loads {
            let dots = theme.glyphs.dots
            let dot = dots[min(dots.count, load) - 1]
            canvas.put(String(dot), x: x + column, y: y, style: style.adding(.bold))
        }
        canvas.put(theme.glyphs.head, x: x + track, y: y, style: loads.isEmpty ? theme.frame : style)
    }

    /// Draws the coordinator, between the lanes that come in and those that go out.
    func drawCoordinator(_ canvas: inout Canvas, _ rect: Rect, _ change: Change, figure: String) {
        let height = min(4, rect.height)
        guard height >= 2 else { return }
        let box = Rect(x: rect.x, y: rect.y + (rect.height - height) / 2, width: rect.width, height: height)
        if height < 4 {
            canvas.put("coordinator", x: box.x + 1, y: box.y, style: theme.accent)
            canvas.put(figure, x: box.x + 1, y: box.y + 1, style: theme.plain, width: box.width - 1)
            return
        }
        canvas.box(box, style: theme.accent, glyphs: theme.glyphs)
        canvas.put(" coordinator ", x: box.x + 2, y: box.y, style: theme.accent, width: box.width - 4)
        canvas.put(
            change.leader.map { boxLabels[$0] } ?? change.by ?? "", x: box.x + 2, y: box.y + 1, style: theme.plain,
            width: box.width - 4)
        canvas.put(figure, x: box.x + 2, y: box.y + 2, style: theme.strong, width: box.width - 4)
    }

    /// The legend of a dot, shown wherever dots are drawn.
    func dotWords(_ unit: String) -> String {
        let count = model.flow.keysPerDot
        let dot = theme.glyphs.dots.first.map { String($0) } ?? ""
        return "\(dot) = \(Figures.plural(count, unit))"
    }
}
