import ShardCore
import ShardWire
import TerminalUI

extension Drawing {
    func drawEvents(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.height >= 3 else { return }
        var title = [Span("events", theme.title)]
        if model.eventScroll > 0 {
            title.append(Span("  \(Figures.count(model.eventScroll)) newer below", theme.warning))
        }
        canvas.mark(rect, Target(Place.pane(.events)))
        let inside = frame(&canvas, rect, title, isFocused: model.pane == .events)
        let lines = lines()
        guard !lines.isEmpty else {
            let text = model.capabilities.hasEvents ? "Nothing has happened yet." : "These nodes tell of no events."
            canvas.put(text, x: inside.x, y: inside.y, style: theme.muted, width: inside.width)
            return
        }
        let end = max(0, lines.count - model.eventScroll)
        for (row, line) in lines[max(0, end - inside.height)..<end].enumerated() {
            let time = Figures.clock(milliseconds: line.milliseconds, offsetSeconds: clockOffsetSeconds)
            let used = canvas.put(time + " ", x: inside.x, y: inside.y + row, style: theme.muted)
            canvas.put(
                line.text.truncated(to: inside.width - used, mark: theme.glyphs.ellipsis), x: inside.x + used,
                y: inside.y + row, style: model.isLit(line.text) ? line.style : theme.frame,
                width: inside.width - used)
        }
    }

    /// What the nodes recorded and what the user did, by time. What several nodes say alike stands once.
    private func lines() -> [(milliseconds: UInt64, text: String, style: Style)] {
        var lines = model.log.map { ($0.milliseconds, "you: " + $0.text, $0.isProblem ? theme.bad : theme.accent) }
        var lastSaid: [String: UInt64] = [:]
        for event in model.events {
            if let last = lastSaid[event.text], event.milliseconds < last + 3_000 { continue }
            lastSaid[event.text] = event.milliseconds
            lines.append((event.milliseconds, event.text, style(of: event.kind)))
        }
        return lines.sorted { $0.0 < $1.0 }
    }

    private func style(of kind: Occurrence.Kind) -> Style {
        switch kind {
        case .nodeDown, .reshardFailed: theme.bad
        case .warning, .nodeRemoved, .catchingUp: theme.warning
        case .nodeUp, .serving, .reshardDone: theme.good
        default: theme.plain
        }
    }
}
