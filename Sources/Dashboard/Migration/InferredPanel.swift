import ClusterModel
import TerminalUI

/// The panel of a change that no node tells of: what the polls show of it, and that they show no more.
extension Drawing {
    func drawInferred(_ canvas: inout Canvas, _ rect: Rect, _ change: InferredChange) {
        guard rect.height >= 3 else { return }
        let title = [
            Span("reshard ", theme.title), Span(change.title, theme.accent.adding(.bold)),
            Span("  inferred", theme.warning),
        ]
        let inside = frame(&canvas, rect, title)
        for (row, line) in inferredLines(change, width: inside.width).prefix(inside.height).enumerated() {
            canvas.put(line, x: inside.x, y: inside.y + row, width: inside.width)
        }
    }

    func neededRows(of change: InferredChange, width: Int) -> Int {
        2 + inferredLines(change, width: width - 4).count
    }

    private func inferredLines(_ change: InferredChange, width: Int) -> [[Span]] {
        var lines = [[verdict(of: change)]]
        let sentences = change.sentences { timeOfDay.words(milliseconds: $0) }
        for sentence in sentences { lines.append([Span("  " + labels.shortened(sentence), theme.plain)]) }
        if change.state.isEnd {
            for member in model.members.filter({ !$0.condition.isGood }).prefix(4) {
                lines.append([
                    Span("  \(labels[member.id]) is ", theme.plain),
                    Span(model.words(of: member), style(of: member)),
                ])
            }
        }
        lines.append([Span("These nodes tell nothing of it: this is what their lists of shards show.", theme.muted)])
        lines.append([Span("Esc puts this away.", theme.muted)])
        return lines.flatMap { $0.wrapped(to: width, indent: 2) }
    }

    private func verdict(of change: InferredChange) -> Span {
        switch change.state {
        case .underWay: Span("\(theme.marks.running) under way", theme.accent.adding(.bold))
        case .done where change.dissenters.isEmpty: Span("\(theme.marks.done) done", theme.good.adding(.bold))
        case .done: Span("\(theme.marks.warning) done at most nodes", theme.warning)
        case .failed: Span("\(theme.marks.bad) failed", theme.bad)
        case .unclear: Span("\(theme.marks.warning) unclear", theme.warning)
        }
    }
}
