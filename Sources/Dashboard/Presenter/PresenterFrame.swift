import ClusterModel
import TerminalUI
import Wording

/// The presenter's view of the cluster, for a hall: one idea a frame, large, and in plain words.
extension Drawing {
    /// The amount of detail that there is room for.
    enum PresenterScale: Comparable {
        /// The sentence, the figures and one bar.
        case least
        /// Pictures in a few rows.
        case small
        /// Words and figures of several rows.
        case large
        case largest

        init(_ size: Size) {
            if size.width < 76 || size.height < 22 {
                self = .least
            } else if size.width < 110 || size.height < 32 {
                self = .small
            } else {
                self = size.width < 160 || size.height < 50 ? .large : .largest
            }
        }
    }

    /// Draws the presenter's view, in which letters name the nodes. Dialogs are not part of it, and show addresses.
    func drawPresenter(_ canvas: inout Canvas) {
        var lettered = self
        lettered.useLetters()
        let scale = PresenterScale(canvas.size)
        let (body, footer) = canvas.bounds.splitBottom(1)
        lettered.drawPresenterBody(&canvas, body.inset(columns: scale == .least ? 1 : 2, rows: 0), scale)
        if case .prompt(let prompt) = model.overlay {
            drawPrompt(&canvas, footer, prompt)
        } else {
            drawFooter(&canvas, footer, saysWhatHappened: true)
        }
    }

    private func drawPresenterBody(_ canvas: inout Canvas, _ rect: Rect, _ scale: PresenterScale) {
        let narration = narration
        var rest = rect
        func top(_ rows: Int, gap: Int = 0) -> Rect {
            let (taken, below) = rest.splitTop(rows)
            rest = below.splitTop(gap).rest
            return taken
        }
        func bottom(_ rows: Int, gap: Int = 0) -> Rect {
            let (above, taken) = rest.splitBottom(rows)
            rest = above.splitBottom(gap).rest
            return taken
        }
        let rows = presenterHeadingRows(narration, width: rect.width, scale)
        drawPresenterHeading(&canvas, top(rows, gap: scale >= .large ? 1 : 0), narration, scale)
        let change = model.shownChange
        if let change, scale > .least {
            drawPresenterSteps(&canvas, top(scale == .largest ? 2 : 1, gap: scale >= .large ? 1 : 0), change)
        }
        if scale > .least, model.hasAnswer { drawLegend(&canvas, bottom(1)) }
        if model.hasAnswer {
            if scale >= .large { _ = bottom(1) }
            drawPresenterClients(&canvas, bottom(presenterClientRows(scale), gap: scale == .least ? 0 : 1), scale)
        }
        if let change, !change.isOver {
            let lines = presenterProgress(change, width: rect.width, scale)
            let area = bottom(lines.count + 1, gap: scale == .least ? 0 : 1)
            drawPresenterProgress(&canvas, area, change, lines)
        }
        drawPresenterPicture(&canvas, rest, change, scale)
    }

    private func drawPresenterPicture(
        _ canvas: inout Canvas, _ rect: Rect, _ change: Change?, _ scale: PresenterScale
    ) {
        guard let change else {
            guard model.hasAnswer, scale > .least else { return drawBriefShards(&canvas, rect) }
            return drawShardsAtRest(&canvas, rect, scale)
        }
        if change.isOver { return drawVerdict(&canvas, rect, change, scale) }
        guard scale > .least else { return drawBriefShards(&canvas, rect) }
        switch change.current.picture {
        case .words: drawShardsAtRest(&canvas, rect, scale)
        case .meters: drawReading(&canvas, rect, change, scale)
        case .attempts: drawDeals(&canvas, rect, change, scale)
        case .parts: drawCopying(&canvas, rect, change, scale)
        case .pairs: drawMoving(&canvas, rect, change, scale)
        }
    }

    /// Draws which letter stands for which node, each once, for as many nodes as there is room for.
    private func drawLegend(_ canvas: inout Canvas, _ rect: Rect) {
        var spans = [Span("nodes", theme.plain)]
        var used = spans.width
        var lastHost = Substring()
        let nodes = labels.lettered
        for (place, node) in nodes.enumerated() {
            let text = node.description
            let host = text.lastIndex(of: ":").map { text[..<$0] } ?? text[...]
            // A host that is the same as the one before is left out.
            let words = host == lastHost && host.count < text.count ? String(text.dropFirst(host.count)) : text
            lastHost = host
            let more = nodes.count - place
            let next = [Span("  " + labels[node], theme.strong), Span(" " + words, theme.plain)]
            let rest = more > 1 ? "  and \(more - 1) more".columns : 0
            guard used + next.width + rest <= rect.width else {
                spans.append(Span("  and \(more) more", theme.plain))
                break
            }
            spans += next
            used += next.width
        }
        canvas.put(spans, x: rect.x, y: rect.y, width: rect.width)
    }

    private func drawBriefShards(_ canvas: inout Canvas, _ rect: Rect) {
        for (row, shard) in model.overview.shards.prefix(rect.height).enumerated() {
            let keys = shard.keys.map { Figures.plural($0, "key") } ?? "keys not told"
            let nodes = shard.members.map { labels[$0.id] }.joined(separator: " ")
            var line = FittedLine(gap: [Span("  ")])
            line.add("shard \(name(of: shard.id))", style(of: shard.id).adding(.bold), priority: 9)
            line.add(keys, theme.strong, priority: 8)
            line.add("nodes \(nodes)", theme.plain, priority: 5)
            canvas.put(line.spans(width: rect.width), x: rect.x, y: rect.y + row, width: rect.width)
        }
    }
}
