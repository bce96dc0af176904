import TerminalUI

/// The hints at the foot of the screen, and what the user did last.
extension Drawing {
    private static let hintKeysColumnsMax = 17
    /// How long what the user did stands in a footer that has other things to say.
    private static let newsMilliseconds: UInt64 = 8_000

    /// The line of feedback: what was done last, by whom, and what came of it. It stays until something else is.
    func drawFeedback(_ canvas: inout Canvas, _ rect: Rect) {
        guard let last = model.log.last else { return }
        let time = timeOfDay.words(milliseconds: last.milliseconds)
        let used = canvas.put("\(time) ", x: rect.x + 1, y: rect.y, style: theme.muted)
        let who = last.who == "you" ? "" : "\(last.who): "
        let room = rect.width - 2 - used
        canvas.put(
            labels.shortened(who + last.text).truncated(to: room, mark: theme.glyphs.ellipsis), x: rect.x + 1 + used,
            y: rect.y, style: last.isProblem ? theme.bad : theme.plain, width: room)
    }

    /// - Parameter saysWhatHappened: true where there is no other line for that.
    func drawFooter(_ canvas: inout Canvas, _ rect: Rect, saysWhatHappened: Bool) {
        guard !isFilm else { return }
        let room = rect.width - 2
        if saysWhatHappened, let last = model.log.last,
            model.nowMilliseconds < last.milliseconds + Self.newsMilliseconds
        {
            let words = labels.shortened(last.text).truncated(to: room, mark: theme.glyphs.ellipsis)
            canvas.put(words, x: rect.x + 1, y: rect.y, style: last.isProblem ? theme.bad : theme.plain, width: room)
            return
        }
        var line = FittedLine(gap: [Span("  ")])
        let hints = CommandTable.rows.compactMap { row in
            row.hint(model).flatMap { hint in row.isOffered(in: model) ? (row: row, hint: hint) : nil }
        }
        for (row, hint) in hints.sorted(by: { $0.hint.place < $1.hint.place }) {
            line.add(spans(of: hint, row), priority: hint.priority)
        }
        // Before an audience only what a presenter needs.
        canvas.put(line.spans(width: room, least: model.isPresenting ? 6 : 0), x: rect.x + 1, y: rect.y, width: room)
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
