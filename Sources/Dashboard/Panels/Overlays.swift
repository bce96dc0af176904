import ClusterModel
import TerminalUI
import Wording

/// The layers over the screen.
extension Drawing {
    func drawOverlay(_ canvas: inout Canvas) {
        switch model.overlay {
        case nil, .prompt: break
        case .help(let filter): drawHelp(&canvas, filter)
        case .reshard(let dialog): drawDialog(&canvas, "reshard", lines(of: dialog))
        case .confirmAbort(let isConfirming):
            drawDialog(
                &canvas, "abort",
                [
                    [Span("Abort the running \(model.change?.name ?? "reshard")?")],
                    [Span(wordsOfAbort, theme.muted)], [],
                    buttons("Go on", confirming("Abort"), isConfirming: isConfirming),
                ])
        case .confirmQuit(let isConfirming):
            drawDialog(
                &canvas, "quit",
                [
                    [Span("Quit in the midst of the \(model.change?.name ?? "reshard")?")],
                    [Span("The nodes are this demo's: they end with it, and the keys are gone.", theme.muted)], [],
                    buttons("Stay", "Quit", isConfirming: isConfirming),
                ])
        case .addMember(let dialog): drawDialog(&canvas, "add a member", lines(of: dialog))
        case .locate(let dialog): drawDialog(&canvas, "where is a key", lines(of: dialog))
        case .goal(let dialog): drawDialog(&canvas, dialog.draft.title, lines(of: dialog))
        case .changes(let selected): drawDialog(&canvas, "change the cluster", linesOfChanges(selected: selected))
        case .pace(let line): drawDialog(&canvas, "limit", lines(ofPace: line))
        case .node(let address): drawDialog(&canvas, labels[address], lines(of: address))
        case .health: drawDialog(&canvas, "health", linesOfHealth())
        case .shard(let id): drawDialog(&canvas, "shard \(id)", lines(ofShard: id))
        }
    }

    private var wordsOfAbort: String {
        model.hasSlots
            ? "Slots that have arrived stay; those on their way go back, and none stays open."
            : "Nothing has been switched; the old layout stays in force."
    }

    /// Draws a box in the middle, as large as its lines. Lines too long for the screen are wrapped. If there are more
    /// lines than fit, those before the last can be scrolled, and the lower edge says how many there are.
    func drawDialog(_ canvas: inout Canvas, _ title: String, _ lines: [[Span]]) {
        let screen = canvas.size
        let margins = screen.width < 60 ? 2 : 3
        let width = min(screen.width - 2, max(38, (lines.map(\.width).max() ?? 0) + 2 * margins))
        let wrapped = lines.map { $0.wrapped(to: width - 2 * margins, indent: 2) }
        let last = wrapped.last ?? []
        var body = Array(wrapped.dropLast().joined())
        let padding = screen.height < 20 ? 0 : 1
        // Blank lines are the first to give way.
        if body.count + last.count + 2 + 2 * padding > screen.height - 2 { body.removeAll(where: \.isEmpty) }
        let height = min(screen.height - 2, body.count + last.count + 2 + 2 * padding)
        let rect = canvas.bounds.centered(Size(width: width, height: height))
        canvas.fill(rect)
        canvas.mark(rect, Target(Place.dialog))
        _ = frame(&canvas, rect, [Span(title, theme.title)], isFocused: true)
        let inside = rect.inset(columns: margins, rows: 1 + padding)
        let room = max(0, inside.height - last.count)
        let first = min(model.overlayScroll, max(0, body.count - room))
        canvas.note(overflow: body.count - room, of: Target(Place.dialog))
        for (row, line) in (body.dropFirst(first).prefix(room) + last).enumerated() {
            canvas.put(line, x: inside.x, y: inside.y + row, width: inside.width)
        }
        guard body.count > room else { return }
        let below = body.count - room - first
        let text = " PgDn \(below) more "
        let back = " PgUp goes back "
        canvas.put(
            below > 0 ? text : back, x: rect.right - 2 - (below > 0 ? text : back).columns, y: rect.bottom - 1,
            style: theme.warning)
    }

    func buttons(_ cancel: String, _ confirm: String, isConfirming: Bool) -> [Span] {
        func button(_ text: String, _ isFocused: Bool, _ place: Place) -> Span {
            Span(
                isFocused ? "[ \(text) ]" : "  \(text)  ",
                isFocused ? theme.accent.adding([.reverse, .bold]) : theme.muted, target: Target(place))
        }
        return [
            button(cancel, !isConfirming, .button(isConfirming: false)), Span("  "),
            button(confirm, isConfirming, .button(isConfirming: true)),
        ]
    }

    /// The end of the typed text, where the cursor is.
    func typed(_ text: String) -> String { text.truncatedAtStart(to: 56, mark: theme.glyphs.ellipsis) }

    private func field(_ text: String, isFocused: Bool) -> Span {
        Span("[\(typed(text))\(isFocused ? "_" : "")]", isFocused ? theme.accent.adding(.bold) : theme.strong)
    }

    private func lines(of dialog: ReshardDialog) -> [[Span]] {
        var lines: [[Span]] = [
            [
                Span(
                    model.overview.shards.isEmpty ? "to " : "from \(model.overview.shards.count) to ", theme.muted),
                Span("< \(dialog.shardCount) >", theme.accent.adding(.bold)),
                Span(
                    " \(Plural.noun("shard", dialog.shardCount))   type a number, or step with up and down", theme.muted
                ),
            ], [],
        ]
        switch dialog.plan {
        case _ where model.reason(againstShards: dialog.shardCount) != nil:
            let reason = model.reason(againstShards: dialog.shardCount) ?? ""
            lines.append([Span(labels.shortened(reason), theme.bad)])
        case .none: lines.append([Span("These nodes make no dry run; the reshard starts unseen.", theme.warning)])
        case .asking where dialog.isTooEarly:
            lines.append([Span("It starts once the dry run is seen; that is still being computed.", theme.warning)])
        case .asking: lines.append([Span("Asking what it would do \(theme.glyphs.ellipsis)", theme.muted)])
        case .failed(let problem):
            lines.append([Span(problem, theme.bad)])
        case .ready(let plan): lines += self.lines(of: plan)
        }
        lines += [[], buttons("Cancel", confirming("Reshard"), isConfirming: dialog.isConfirming)]
        return lines
    }

    private func lines(of dialog: AddMemberDialog) -> [[Span]] {
        let lines: [[Span]?] = [
            [Span("node   ", theme.muted), field(dialog.address, isFocused: dialog.isInAddress)],
            dialog.line.refusal.map { [Span($0, theme.bad)] },
            [
                Span("shard  ", theme.muted), field("\(dialog.shard)", isFocused: !dialog.isInAddress),
                Span("  up and down choose", theme.muted),
            ], [],
            [Span("It takes in the shard's keys before it serves; no key changes shard.", theme.muted)],
            [
                Span("Enter", theme.accent), Span(" adds it, ", theme.muted), Span("Esc", theme.accent),
                Span(" goes back", theme.muted),
            ],
        ]
        return lines.compactMap(\.self)
    }

    private func lines(of dialog: LocateDialog) -> [[Span]] {
        var lines: [[Span]] = [[Span("key  ", theme.muted), field(dialog.key, isFocused: true)], []]
        switch dialog.answer {
        case _ where problem(of: dialog) != nil: lines.append([Span(problem(of: dialog) ?? "", theme.bad)])
        case .none: lines.append([Span("Enter", theme.accent), Span(" asks the cluster", theme.muted)])
        case .asking: lines.append([Span("Asking \(theme.glyphs.ellipsis)", theme.muted)])
        case .failed(let problem): lines.append([Span(problem, theme.bad)])
        case .found(let location):
            lines.append([
                Span("shard \(name(of: location.shard))", style(of: location.shard).adding(.bold)),
                Span(
                    "  " + location.facts.filter { $0.name != "MD5" }.map(words(of:)).joined(separator: ", "),
                    theme.muted),
            ])
            for fact in location.facts where fact.name == "MD5" { lines.append([Span(words(of: fact), theme.muted)]) }
            var table = SpanTable([.left, .left])
            for holder in location.holders { table.add(cells(of: holder)) }
            lines += table.lines
            lines += [
                [],
                [
                    Span("Tab", theme.accent), Span(" follows it through a reshard, ", theme.muted),
                    Span("Esc", theme.accent), Span(" goes back", theme.muted),
                ],
            ]
        }
        return lines
    }

    private func cells(of holder: KeyPlace.Holder) -> [[Span]] {
        let name = [Span(labels[holder.member])]
        let words = labels.shortened(holder.words)
        return switch holder.holding {
        case .unknown: [name, [Span(words, theme.bad)]]
        case .nothing: [name, [Span(words, theme.muted)]]
        case .deleted: [name, [Span("deleted", theme.warning), Span("  " + words, theme.muted)]]
        case .value: [name, [Span("holds it", theme.good), Span("  " + words, theme.muted)]]
        }
    }

    private func words(of fact: Fact) -> String { fact.value.isEmpty ? fact.name : "\(fact.name) \(fact.value)" }

    /// Why a key cannot be asked for.
    private func problem(of dialog: LocateDialog) -> String? {
        dialog.line.refusal ?? KeyText.problem(of: dialog.key, model.features)
    }
}
