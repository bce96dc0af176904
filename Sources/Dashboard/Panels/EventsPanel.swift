import ClusterModel
import TerminalUI
import Wording

extension Drawing {
    func drawEvents(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.height >= 3 else { return }
        let lines = model.eventLines
        let rows = rect.height - 2
        let scroll = min(model.eventScroll, max(0, lines.count - rows))
        canvas.note(overflow: lines.count - rows, of: Target(Place.pane(.events)))
        var title = [Span("events", theme.title)]
        if scroll > 0 { title.append(Span("  \(Figures.count(scroll)) newer below", theme.warning)) }
        canvas.mark(rect, Target(Place.pane(.events)))
        let inside = frame(&canvas, rect, title, isFocused: model.pane == .events)
        guard !lines.isEmpty else {
            for (row, line) in noEventsWords.wrapped(to: inside.width).prefix(inside.height).enumerated() {
                canvas.put(line, x: inside.x, y: inside.y + row, style: theme.muted, width: inside.width)
            }
            return
        }
        let end = lines.count - scroll
        for (row, line) in lines[max(0, end - inside.height)..<end].enumerated() {
            let time = timeOfDay.words(milliseconds: line.milliseconds)
            let used = canvas.put(time + " ", x: inside.x, y: inside.y + row, style: theme.muted)
            canvas.put(
                labels.shortened(line.text).truncated(to: inside.width - used, mark: theme.glyphs.ellipsis),
                x: inside.x + used,
                y: inside.y + row, style: style(of: line.look),
                width: inside.width - used)
        }
    }

    private var noEventsWords: String {
        if let filter = model.filter { return "No event matches '\(filter)'." }
        return model.features.events.isOffered ? "Nothing has happened yet." : "These nodes tell of no events."
    }

    private func style(of look: DashboardModel.EventLine.Look) -> Style {
        switch look {
        case .own: theme.accent
        case .problem: theme.bad
        case .event(.nodeDown), .event(.reshardFailed): theme.bad
        case .event(.warning), .event(.nodeRemoved), .event(.catchingUp): theme.warning
        case .event(.nodeUp), .event(.serving), .event(.reshardDone): theme.good
        case .event: theme.plain
        }
    }
}
