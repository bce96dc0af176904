import ClusterModel
import TerminalUI
import Wording

/// The result of a change: told after it was checked, with the keys before and after in large figures.
extension Drawing {
    func drawVerdict(_ canvas: inout Canvas, _ rect: Rect, _ change: Change, _ scale: PresenterScale) {
        guard change.isDone else { return drawEnded(&canvas, rect, change, scale) }
        var rest = rect
        if let keys = keysOfVerdict(change) {
            let rows = drawEquation(&canvas, rest, keys, scale)
            drawLosses(&canvas, rest.splitTop(rows).top, change)
            rest = rest.splitTop(rows + (scale == .least || rest.height < 14 ? 0 : 1)).rest
        }
        let lines = verdictLines(change)
        let wrapped = lines.flatMap { $0.wrapped(to: rest.width, indent: 2) }
        let below = rest.height - wrapped.count - 1
        for (row, line) in wrapped.prefix(rest.height).enumerated() {
            canvas.put(line, x: rest.x, y: rest.y + row, width: rest.width)
        }
        // If the lines leave enough room, the shards as they are now stand below.
        if below >= Self.restRowsMin { drawShardsAtRest(&canvas, rest.splitBottom(below).bottom, scale) }
    }

    private static let restRowsMin = 6

    /// Draws the losses that reading the keys back found: as large as the equation beside them, and only for the keys
    /// that were read.
    private func drawLosses(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        guard let check = model.readBack, check.operation == change.id, let found = check.check, rect.height >= 4 else {
            return
        }
        let isProof = proves(found, thatEachKeyIsInItsShardAlone: change)
        var figures = [(found.missing, isProof ? "lost" : "lost, of \(Figures.count(found.asked)) looked at")]
        if isProof { figures += [(0, "in two shards"), (0, "in a wrong shard")] }
        let form: BigText.Form = rect.height > 4 ? .whole : .half
        guard form == .whole || theme.glyphs.halves != nil else { return }
        let width = figures.map { max(BigText.columns(Figures.count($0.0), form), $0.1.columns) + 4 }.reduce(0, +)
        guard equationColumns(change, form) + 4 + width <= rect.width else { return }
        var x = rect.right - width
        for (count, words) in figures {
            let style = count == 0 ? theme.good : theme.bad
            let columns = canvas.put(
                big: Figures.count(count), x: x, y: rect.y, form: form, style: style.adding(.bold), glyphs: theme.glyphs
            )
            canvas.put(words, x: x, y: rect.bottom - 1, style: theme.plain)
            x += max(columns, words.columns) + 4
        }
    }

    private func equationColumns(_ change: Change, _ form: BigText.Form) -> Int {
        let (before, after) = keysOfVerdict(change)?.texts ?? ("?", "?")
        return [before, "=", after].reduce(0) { $0 + BigText.columns($1, form) + 4 * (form == .whole ? 2 : 1) }
    }

    private func drawEnded(_ canvas: inout Canvas, _ rect: Rect, _ change: Change, _ scale: PresenterScale) {
        guard scale > .least else { return }
        drawShardsAtRest(&canvas, rect, scale)
    }

    /// The keys counted before and after; nil for a count that is unknown, shown as a question mark.
    private struct Keys {
        let before: Int?
        let after: Int?
        let isGood: Bool
        let isChecked: Bool

        var isSame: Bool { before != nil && before == after }
        var texts: (before: String, after: String) {
            (before.map(Figures.count) ?? "?", after.map(Figures.count) ?? "?")
        }
    }

    private func keysOfVerdict(_ change: Change) -> Keys? {
        guard let keys = model.keysOfChange, keys.operation == change.id else { return nil }
        let findings = findings(change)
        let isLookedAt = !findings.contains { $0.result == .pending }
        let isGood = isLookedAt && findings.contains(keysFinding(change)) && keys.before == keys.after
        // A large equation looks like a result from afar, so it waits until it is one.
        return Keys(
            before: keys.before, after: keys.after, isGood: isGood,
            isChecked: isLookedAt && sentenceOfSwitchJustNow(change) == nil)
    }

    /// - Returns: the rows that the equation took.
    private func drawEquation(
        _ canvas: inout Canvas, _ rect: Rect, _ keys: Keys, _ scale: PresenterScale
    ) -> Int {
        let (before, after) = keys.texts
        let sign = keys.isSame ? "=" : "-"
        // Green only if the two were compared and found to be the same.
        let style = keys.isGood ? theme.good : theme.strong
        let forms: [BigText.Form] =
            scale == .least ? [] : scale == .largest ? [.whole, .half] : [.half]
        for form in forms where form == .whole || theme.glyphs.halves != nil {
            let widths = (BigText.columns(before, form), BigText.columns(after, form))
            let gap = 4 * (form == .whole ? 2 : 1)
            let middle = BigText.columns(sign, form)
            guard widths.0 + widths.1 + middle + 2 * gap <= rect.width, form.rows + 1 <= rect.height else { continue }
            guard keys.isChecked else {
                // The room is kept, so that nothing below it moves when the result comes.
                drawCounts(&canvas, rect, keys)
                if let reading = model.demo?.reading {
                    drawReadBack(&canvas, rect.splitTop(2).rest.splitTop(1).top, reading)
                }
                return form.rows + 1
            }
            var x = rect.x
            for (text, words) in [(before, "keys before"), (keys.isSame ? sign : "", ""), (after, "keys after")] {
                canvas.put(big: text, x: x, y: rect.y, form: form, style: style.adding(.bold), glyphs: theme.glyphs)
                canvas.put(words, x: x, y: rect.y + form.rows, style: theme.plain)
                x += max(BigText.columns(text, form), words.columns) + gap
            }
            return form.rows + 1
        }
        drawCounts(&canvas, rect, keys)
        return 1
    }

    private func drawCounts(_ canvas: inout Canvas, _ rect: Rect, _ keys: Keys) {
        let (before, after) = keys.texts
        var line: [Span] = [Span("\(before) keys before", theme.strong)]
        line.append(Span(keys.isSame ? "  =  " : ", ", keys.isGood ? theme.good : theme.strong))
        line.append(Span("\(after) after", theme.strong))
        if !keys.isChecked { line.append(Span(", as the nodes count them", theme.plain)) }
        canvas.put(line, x: rect.x, y: rect.y, width: rect.width)
    }

    /// The lines of the findings; that of the keys is the equation above.
    private func verdictLines(_ change: Change) -> [[Span]] {
        let keys = keysFinding(change)
        let nodes = nodesFinding(change)
        // If the keys were not counted, their line stays: the equation does not tell why.
        let isInEquation = keysOfVerdict(change)?.before != nil
        let findings = findings(change).filter { $0 != keys || !isInEquation }.map { finding in
            guard finding == nodes, finding.result == .good else { return finding }
            let count = model.overview.nodesUp
            let epoch = model.overview.epoch.map { change.toEpoch == $0 ? " (epoch \($0))" : "" } ?? ""
            return Change.Finding("all \(Figures.plural(count, "node")) agree on the new shards\(epoch)", .good)
        }
        // Each finding keeps its place while it is being checked.
        return findings.map { [sign(of: $0), Span(" " + labels.shortened($0.text), theme.strong)] }
    }
}
