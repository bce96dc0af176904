import TerminalUI
import Wording

extension Drawing {
    /// Draws the typed text in place of the key hints; beside it the completions, or why it was refused.
    func drawPrompt(_ canvas: inout Canvas, _ rect: Rect, _ prompt: Prompt) {
        let room = rect.width - 2
        let sign = prompt.kind == .filter ? "/" : ":"
        // A problem is shown in full, however long the typed text is.
        let problem = (prompt.line.refusal ?? prompt.problem).map { $0.columns + 4 } ?? 4
        let shown = prompt.text.truncatedAtStart(to: max(4, room - problem), mark: theme.glyphs.ellipsis)
        let used = canvas.put(
            [Span(sign, theme.accent.adding(.bold)), Span(shown, theme.strong), Span("_", theme.accent)],
            x: rect.x + 1, y: rect.y, width: room)
        let left = Rect(x: rect.x + 1 + used + 2, y: rect.y, width: max(0, room - used - 2), height: 1)
        canvas.put(beside(prompt, width: left.width), x: left.x, y: left.y, width: left.width)
    }

    private func beside(_ prompt: Prompt, width: Int) -> [Span] {
        if let problem = prompt.line.refusal ?? prompt.problem {
            return [Span(problem.truncated(to: width, mark: theme.glyphs.ellipsis), theme.bad)]
        }
        var line = FittedLine(gap: [Span("  ")])
        if prompt.kind == .filter {
            let isEmpty = model.filter != nil && model.shownCount == 0
            line.add(model.filterWords, isEmpty ? theme.warning : theme.muted, priority: 9)
            line.add(Figures.plural(model.eventLines.count, "event"), theme.muted, priority: 8)
            line.add("Enter keeps it, Esc ends it", theme.muted, priority: 5)
            return line.spans(width: width)
        }
        let typed = prompt.completion?.typed ?? prompt.text
        let candidates = model.completions(of: typed)
        let name = String(typed.prefix { $0 != " " })
        let isNamed = name.count < typed.count
        if let completion = prompt.completion, candidates.count > 1 {
            // Candidates after the shown one have priority, so that it is seen what Tab brings next.
            for (place, candidate) in candidates.enumerated() {
                let isShown = place == completion.index
                let turn = (place - completion.index + candidates.count) % candidates.count
                line.add(candidate.shown, isShown ? theme.accent : theme.muted, priority: 90 - turn)
            }
        } else if isNamed || candidates.count == 1, let one = model.command(meantBy: name) {
            line.add(one.usage, theme.accent, priority: 9)
            line.add(one.words, theme.muted, priority: 5)
        } else if candidates.isEmpty {
            line.add(model.reason(against: name) ?? "no such command", theme.warning, priority: 9)
        } else {
            for (place, candidate) in candidates.enumerated() {
                line.add(candidate.shown, theme.muted, priority: 90 - place)
            }
        }
        return line.spans(width: width)
    }
}
