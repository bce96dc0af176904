import ClusterModel
import TerminalUI
import Wording

/// The heading: the word for the present step, large if there is room, its place among the steps, and the sentence.
extension Drawing {
    private static let sentenceColumnsMax = 100

    private func form(_ scale: PresenterScale) -> BigText.Form? {
        guard theme.glyphs.halves != nil || scale == .largest else { return nil }
        return scale == .largest ? .whole : scale == .large ? .half : nil
    }

    /// The form of the large word, and the columns that it takes; nil and 0 if there is no room for one.
    private func presenterWord(
        _ narration: Narration, width: Int, _ scale: PresenterScale
    ) -> (form: BigText.Form?, columns: Int) {
        let forms: [BigText.Form] = form(scale) == .whole ? [.whole, .half] : form(scale).map { [$0] } ?? []
        for form in forms where form == .whole || theme.glyphs.halves != nil {
            let columns = BigText.columns(narration.word, form)
            if columns <= width / 3 { return (form, columns) }
        }
        return (nil, 0)
    }

    private func sentenceLines(_ narration: Narration, width: Int, _ scale: PresenterScale) -> [String] {
        let columns = presenterWord(narration, width: width, scale).columns
        let room = width - (columns > 0 ? columns + 4 : 0)
        return narration.sentence.wrapped(to: min(Self.sentenceColumnsMax, room))
    }

    func presenterHeadingRows(_ narration: Narration, width: Int, _ scale: PresenterScale) -> Int {
        let lines = sentenceLines(narration, width: width, scale).count
        guard let form = presenterWord(narration, width: width, scale).form else {
            // The rows are bounded, so that the picture below stands still while sentences change.
            return 1 + max(scale == .least ? 0 : 2, min(lines, scale == .least ? 5 : 3))
        }
        return 1 + max(form.rows, lines)
    }

    func drawPresenterHeading(
        _ canvas: inout Canvas, _ rect: Rect, _ narration: Narration, _ scale: PresenterScale
    ) {
        let (top, below) = rect.splitTop(1)
        let style = narration.level.map(theme.style(of:)) ?? theme.strong
        let word = presenterWord(narration, width: rect.width, scale)
        let right =
            model.replay.map { spans(of: $0, width: max(18, rect.width * 2 / 5)) } ?? badges(isNarrow: true)
        canvas.put(right, x: rect.right - right.width, y: top.y)
        var line = FittedLine(gap: [Span("  ")])
        if word.form == nil {
            line.add(narration.word.uppercased(), style.adding([.bold, .reverse]), priority: 9)
        }
        if let place = narration.place {
            line.add("step \(place.number) of \(place.count)", theme.strong, priority: 7)
        }
        if let term = narration.term { line.add("also called \(term)", theme.plain, priority: 5) }
        if scale > .least { line.add(presenterTitle, theme.plain, priority: 6) }
        line.add(presenterTime, theme.plain, priority: 4)
        canvas.put(line.spans(width: rect.width - right.width - 2), x: top.x, y: top.y)
        var column = below.x
        if let form = word.form {
            canvas.put(
                big: narration.word, x: below.x, y: below.y, form: form, style: style.adding(.bold),
                glyphs: theme.glyphs)
            column += word.columns + 4
        }
        let lines = sentenceLines(narration, width: rect.width, scale).prefix(below.height)
        // Beside large letters the sentence stands in the middle of their height.
        let first = word.form == nil ? 0 : max(0, (below.height - lines.count) / 2)
        for (row, text) in lines.enumerated() {
            canvas.put(text, x: column, y: below.y + first + row, style: theme.strong, width: below.right - column)
        }
    }

    /// The title of the change: "reshard from 2 to 3 shards".
    private var presenterTitle: String {
        guard let change = model.shownChange else { return "" }
        return change.fromShardCount == nil
            ? change.title : change.title.replacing(" to ", with: " \(theme.glyphs.arrow) ", maxReplacements: 1)
    }

    private var presenterTime: String {
        guard let change = model.shownChange else { return "" }
        if change.isOver {
            guard change.finishedMilliseconds != nil else { return "" }
            let check = model.readBack.flatMap { $0.operation == change.id ? $0.tookMilliseconds : nil }
            return "moved in " + Figures.duration(microseconds: change.spentMilliseconds * 1_000)
                + (check.map { ", checked in " + Figures.duration(microseconds: max(1, $0) * 1_000) } ?? "")
        }
        let elapsed = model.changeWatch?.elapsedMilliseconds(at: model.nowMilliseconds) ?? 0
        return words(ofElapsed: elapsed * 1_000) + " so far"
    }

    /// Draws every step with its sign, and below them the engine's own terms if there is room.
    func drawPresenterSteps(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        let plain = plainSteps(change)
        let ended = change.isOver && !change.isDone
        let results = change.isDone ? findings(change).map(\.result) : []
        func sign(_ place: Int) -> (String, Style) {
            if place > plain.current { return (theme.marks.waiting, theme.plain) }
            if place < plain.current { return (theme.marks.done, theme.good) }
            if results.contains(.bad) { return (theme.marks.bad, theme.bad) }
            if change.isDone, !results.contains(.pending) {
                return results.contains(.missing)
                    ? (theme.marks.warning, theme.warning) : (theme.marks.done, theme.good)
            }
            return ended ? (theme.marks.bad, theme.bad) : (theme.marks.running, theme.accent.adding(.bold))
        }
        let columns = rect.width / plain.steps.count
        for (place, step) in plain.steps.enumerated() {
            let (mark, style) = sign(place)
            let isNow = place == plain.current
            let text = "\(mark) \(place + 1) \(step.word)"
            let x = rect.x + place * columns
            canvas.put(
                text.truncated(to: max(1, columns - 1), mark: ""), x: x, y: rect.y,
                style: isNow ? style.adding(.bold) : style, width: columns)
            if rect.height > 1, let term = step.term {
                canvas.put(term, x: x + 4, y: rect.y + 1, style: theme.plain, width: columns - 5)
            }
        }
    }
}
