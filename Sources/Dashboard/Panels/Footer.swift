import TerminalUI

/// The hints at the foot of the screen, and the user's last action.
extension Drawing {
    private static let hintKeysColumnsMax = 17
    /// How long the last action stands in a footer that otherwise shows hints.
    private static let newsMilliseconds: UInt64 = 8_000

    /// Draws the line of feedback: the last action, by whom, and its result. It stays until the next action.
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

    /// - Parameter saysWhatHappened: true if no other line shows the last action.
    func drawFooter(_ canvas: inout Canvas, _ rect: Rect, saysWhatHappened: Bool) {
        guard !isFilm else { return }
        let room = rect.width - 2
        // What went well stands in large letters before an audience, and in its time: "ok" would come too early here.
        if saysWhatHappened, let last = model.log.last, last.isProblem || !model.isPresenting,
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
        // Before an audience only the hints that a presenter needs are shown.
        canvas.put(line.spans(width: room, least: model.isPresenting ? 6 : 0), x: rect.x + 1, y: rect.y, width: room)
    }

    /// The hint as text to click: a key gives its command, and so do the words if there is only one key.
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
