import TerminalUI

/// The hints at the foot of the screen, and what the user did last.
extension Drawing {
    private static let hintKeysColumnsMax = 17
    /// Help, quit, and a little more.
    private static let hintsColumnsMin = 16

    func drawFooter(_ canvas: inout Canvas, _ rect: Rect) {
        guard !isFilm else { return }
        var line = FittedLine(gap: [Span("  ")])
        let hints = CommandTable.rows.compactMap { row in
            row.hint(model).flatMap { hint in row.isOffered(in: model) ? (row: row, hint: hint) : nil }
        }
        for (row, hint) in hints.sorted(by: { $0.hint.place < $1.hint.place }) {
            line.add(spans(of: hint, row), priority: hint.priority)
        }
        let room = rect.width - 2
        // What the user did last, where there is room for it; for why it went wrong, room is made.
        let last = model.log.last.flatMap { model.nowMilliseconds < $0.milliseconds + 8_000 ? $0 : nil }
        let words = last.map { labels.shortened($0.text) } ?? ""
        let kept = last?.isProblem == true ? min(words.columns + 3, max(0, room - Self.hintsColumnsMin)) : 0
        // Before an audience only what a presenter needs.
        let spans = line.spans(width: room - kept, least: model.isPresenting ? 6 : 0)
        canvas.put(spans, x: rect.x + 1, y: rect.y, width: room)
        let left = room - spans.width - 3
        guard let last, left >= 16 else { return }
        let text = words.truncated(to: left, mark: theme.glyphs.ellipsis)
        canvas.put(
            text, x: rect.right - 1 - text.columns, y: rect.y, style: last.isProblem ? theme.bad : theme.muted)
    }

    /// A click on a key gives its command; one on the words does where there is one key.
    private func spans(of hint: CommandRow.Hint, _ row: CommandRow) -> [Span] {
        let keys = hint.keys.truncated(to: Self.hintKeysColumnsMax, mark: theme.glyphs.ellipsis)
        let words = Span(" " + hint.words, theme.muted)
        switch hint.look {
        case .standing:
            let target = row.commands.first.map { Target(Place.command($0.name, argument: nil)) }
            return [Span("\(keys) ", theme.warning, target: target), Span(hint.words, theme.strong, target: target)]
        case .quiet:
            return [Span(keys + " " + hint.words, theme.muted, target: target(of: keys, row))]
        case .usual:
            let parts = keys.split(separator: " ").map(String.init)
            guard parts.count > 1 else {
                let target = target(of: keys, row)
                return [Span(keys, theme.accent, target: target), Span(words.text, words.style, target: target)]
            }
            return Array(
                parts.map { [Span($0, theme.accent, target: target(of: $0, row))] }
                    .joined(separator: [Span(" ", theme.accent)])) + [words]
        }
    }

    private func target(of key: String, _ row: CommandRow) -> Target? {
        for command in row.commands {
            guard let bound = command.keys.first(where: { $0.event.words == key }) else { continue }
            return Target(Place.command(command.name, argument: bound.argument))
        }
        return nil
    }
}
