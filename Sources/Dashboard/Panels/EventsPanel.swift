import ClusterModel
import TerminalUI
import Wording

extension Drawing {
    func drawEvents(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.height >= 3 else { return }
        let lines = model.eventLines
        let rows = rect.height - 2
        let scroll = min(model.eventScroll, max(0, lines.count - (model.isZoomed ? 1 : rows)))
        // If lines are wrapped, fewer may fit; the last one must be reached all the same.
        canvas.note(
            overflow: model.isZoomed ? max(0, lines.count - 1) : lines.count - rows, of: Target(Place.pane(.events)))
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
        let shown = lines[..<(lines.count - scroll)].suffix(inside.height)
        let whole = shown.map { wrapped($0, width: inside.width) }
        // Long lines are shown in full if all fit, or if the panel has the whole screen.
        let areWhole = model.isZoomed || whole.reduce(0) { $0 + $1.count } <= inside.height
        let drawn =
            areWhole
            ? Array(whole.joined().suffix(inside.height)) : shown.map { cut($0, width: inside.width) }
        for (row, line) in drawn.enumerated() {
            canvas.put(line, x: inside.x, y: inside.y + row, width: inside.width)
        }
    }

    private func spans(_ line: DashboardModel.EventLine) -> [Span] {
        [
            Span(timeOfDay.words(milliseconds: line.milliseconds) + " ", theme.muted),
            Span(labels.shortened(line.text), style(of: line.look)),
        ]
    }

    private func wrapped(_ line: DashboardModel.EventLine, width: Int) -> [[Span]] {
        spans(line).wrapped(to: width, indent: Self.timeColumns)
    }

    private func cut(_ line: DashboardModel.EventLine, width: Int) -> [Span] {
        var spans = spans(line)
        spans[1].text = spans[1].text.truncated(to: width - Self.timeColumns, mark: theme.glyphs.ellipsis)
        return spans
    }

    private static let timeColumns = 9

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
