import ClusterModel
import TerminalUI
import Wording

/// Draws the whole screen for a model, from its arguments and nothing else.
public struct Drawing: Sendable {
    /// The least size that shows anything useful.
    public static let sizeMin = Size(width: 40, height: 12)

    /// From this width on shards and events stand side by side.
    private static let sideBySideColumnsMin = 150

    /// True for a film: nobody presses keys in it, so it shows none.
    public var isFilm = false
    let model: DashboardModel
    let theme: Theme
    let timeOfDay: TimeOfDay
    /// The labels that fit the screen; before its size is known, whole addresses.
    private(set) var labels: NodeLabels
    /// The labels for boxes of a fixed width.
    private(set) var boxLabels: NodeLabels
    private(set) var memberLines: MemberLines

    public init(_ model: DashboardModel, theme: Theme, timeOfDay: TimeOfDay = .utc) {
        self.model = model
        self.theme = theme
        self.timeOfDay = timeOfDay
        labels = NodeLabels([], width: .max)
        boxLabels = labels
        memberLines = MemberLines(model)
    }

    public func canvas(_ size: Size) -> Canvas {
        var fitted = self
        fitted.fitLabels(to: size)
        return fitted.drawn(size)
    }

    /// Calls the nodes by letters.
    mutating func useLetters() {
        labels = NodeLabels(
            lettersOf: model.digest.ids.union(model.shownChange?.parts.map(\.member) ?? []), mark: theme.glyphs.ellipsis
        )
        boxLabels = labels
    }

    mutating func fitLabels(to size: Size) {
        let nodes = model.digest.ids.union(model.shownChange?.parts.map(\.member) ?? [])
        let longest = nodes.count == model.digest.ids.count ? model.digest.addressColumns : nil
        let width = memberLineColumns(in: size)
        labels = NodeLabels(
            nodes, preferred: max(Self.labelColumnsUsual, width - Self.besideLabelColumns - Self.ratesColumnsMax),
            width: width - Self.besideLabelColumns, mark: theme.glyphs.ellipsis, longest: longest)
        if model.shownChange != nil {
            boxLabels = NodeLabels(
                nodes, width: Self.coordinatorColumns - 4, mark: theme.glyphs.ellipsis, longest: longest)
        }
        memberLines.fit(model.members, to: labels)
    }

    /// An IPv4 address with its port takes no more; longer labels give way to what stands beside them.
    private static let labelColumnsUsual = 21
    /// The columns beside a node's name in its line: for a mark, its condition, its keys; and its operations.
    private static let besideLabelColumns = 15
    private static let ratesColumnsMax = 22

    /// Columns of a member's line: as in panels or, if those do not fit, as in a list.
    private func memberLineColumns(in size: Size) -> Int {
        let width = size.width >= Self.sideBySideColumnsMin ? size.width * 11 / 20 : size.width
        return neededShardRows(width: width) < size.height ? panelColumns(width: width) - 4 : width - 4
    }

    private func drawn(_ size: Size) -> Canvas {
        var canvas = Canvas(size)
        guard size.width >= Self.sizeMin.width, size.height >= Self.sizeMin.height else {
            let text =
                "shardtop needs \(Self.sizeMin.width)x\(Self.sizeMin.height); this is \(size.width)x\(size.height)"
            for (row, line) in text.wrapped(to: size.width).enumerated() { canvas.put(line, x: 0, y: row) }
            return canvas
        }
        if model.isPresenting {
            drawPresenter(&canvas)
            drawOverlay(&canvas)
            return canvas
        }
        let isLow = size.height < 20
        let (header, belowHeader) = canvas.bounds.splitTop(isLow ? 1 : 2)
        var (body, footer) = belowHeader.splitBottom(1)
        // This line never moves; if rows are few, the feedback takes the footer's place.
        if !isLow {
            let (above, feedback) = body.splitBottom(1)
            drawFeedback(&canvas, feedback)
            body = above
        }
        if let demo = model.demo, size.height >= 16 {
            let (above, strip) = body.splitBottom(1)
            drawStrip(&canvas, strip, demo)
            body = above
        }
        var followedRow = header.splitBottom(1).bottom
        // If the header has no second row, the followed key gets a row of its own.
        if isLow, model.followed != nil { (followedRow, body) = body.splitTop(1) }
        if let slots = model.overview.slots, size.height >= Self.stripRowsMin {
            let (strip, below) = body.splitTop(1)
            drawSlotStrip(&canvas, strip, slots)
            body = below
        }
        drawHeader(&canvas, header)
        if let followed = model.followed {
            drawFollowed(&canvas, followedRow, followed)
        } else if !isLow {
            drawNarration(&canvas, followedRow)
        }
        drawBody(&canvas, body)
        if case .prompt(let prompt) = model.overlay {
            drawPrompt(&canvas, footer, prompt)
        } else {
            drawFooter(&canvas, footer, saysWhatHappened: isLow)
        }
        drawOverlay(&canvas)
        return canvas
    }

    /// Shares the room between the panels: a migration goes before events, shards before both.
    private func drawBody(_ canvas: inout Canvas, _ body: Rect) {
        guard model.hasAnswer else { return drawNothing(&canvas, body) }
        if model.isZoomed { return drawZoomed(&canvas, body) }
        let showsMigration = model.shownChange != nil || model.shownInferred != nil
        // A table needs the whole width.
        if body.width >= Self.sideBySideColumnsMin, !model.table.isShown {
            // A change comes in from below over the whole width, and nothing moves sideways.
            let rows = showsMigration ? min(neededMigrationRows(width: body.width), body.height * 3 / 5) : 0
            let (top, migration) = body.splitBottom(rows)
            let (left, right) = top.splitLeft(body.width * 11 / 20)
            drawShards(&canvas, left)
            drawEvents(&canvas, right)
            if showsMigration { drawMigration(&canvas, migration) }
            return
        }
        guard showsMigration else {
            let (shards, events) = body.splitTop(shardRowsAlone(in: body.height, width: body.width))
            drawShards(&canvas, shards)
            return drawEvents(&canvas, events)
        }
        let shardsNeeded = model.table.isShown ? neededTableRows : neededShardRows(width: body.width)
        let migrationNeeded = neededMigrationRows(width: body.width)
        let migrationRows = min(migrationNeeded, max(6, body.height - min(shardsNeeded, body.height / 2)))
        let (shards, belowShards) = body.splitTop(shardRows(in: body.height - migrationRows, width: body.width))
        drawShards(&canvas, shards)
        let spare = belowShards.height - migrationRows
        let (migration, events) = belowShards.splitTop(migrationRows + (spare < 3 ? spare : 0))
        drawMigration(&canvas, migration)
        drawEvents(&canvas, events)
    }

    private func drawZoomed(_ canvas: inout Canvas, _ body: Rect) {
        switch model.pane {
        case .events: drawEvents(&canvas, body)
        case .migration where model.shownChange != nil: drawMigration(&canvas, body)
        case .shards, .migration: drawShards(&canvas, body)
        }
    }

    private func drawNothing(_ canvas: inout Canvas, _ body: Rect) {
        var lines: [(String, Style)]
        if let starting = model.demo?.starting {
            lines = [
                ("Starting \(Figures.plural(starting.total, "node")) \(theme.glyphs.ellipsis)", theme.title),
                ("\(starting.serving) of \(starting.total) serve", theme.muted),
            ]
        } else if model.snapshot == nil {
            lines = [("Asking \(model.name) \(theme.glyphs.ellipsis)", theme.muted)]
        } else {
            let problems =
                model.snapshot?.members.compactMap { member in
                    member.problem.map { "\(member.id): \($0)" }
                } ?? []
            lines =
                [(model.isRefused ? "No node tells this program anything." : "No node answers.", theme.bad)]
                + problems.prefix(6).map { ($0, theme.plain) }
                + [
                    (
                        "It is asked again every \(Figures.duration(microseconds: model.pollMilliseconds * 1_000)); q quits.",
                        theme.muted
                    )
                ]
            if !model.isRefused {
                lines.append(("Is the address right? 'shardtop demo' starts a cluster here.", theme.muted))
            }
        }
        var row = body.y + max(0, (body.height - lines.count) / 2)
        for (text, style) in lines {
            for line in text.wrapped(to: body.width - 4) {
                canvas.put(line, x: body.x + max(2, (body.width - line.columns) / 2), y: row, style: style)
                row += 1
            }
        }
    }

    /// Draws a frame with a title; returns the room inside.
    func frame(_ canvas: inout Canvas, _ rect: Rect, _ title: [Span], isFocused: Bool = false) -> Rect {
        canvas.box(rect, style: isFocused ? theme.accent : theme.frame, glyphs: theme.glyphs)
        if rect.width > 6 {
            canvas.put([Span(" ")] + title + [Span(" ")], x: rect.x + 2, y: rect.y, width: rect.width - 4)
        }
        return rect.inset(columns: 2, rows: 1)
    }
}
