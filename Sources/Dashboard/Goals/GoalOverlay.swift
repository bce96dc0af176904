import ClusterModel
import TerminalUI
import Wording

/// Dialogs about goals.
extension Drawing {
    func lines(of dialog: GoalDialog) -> [[Span]] {
        var lines: [[Span]] = []
        let fields = dialog.draft.fields(in: model.overview, name: name(of:))
        let width = (fields.map(\.label.columns).max() ?? 0) + 2
        for (place, field) in fields.enumerated() {
            let isFocused = place == dialog.field
            let style = isFocused ? theme.accent.adding(.bold) : theme.strong
            let shown = field.isTyped ? "[\(typed(field.shown))\(isFocused ? "_" : "")]" : "< \(field.shown) >"
            lines.append([
                Span(field.label.padded(to: width), theme.muted), Span(shown, style),
                Span("  \(field.words)", theme.muted),
            ])
        }
        lines.append([])
        switch dialog.preview {
        case _ where dialog.problem != nil: lines.append([Span(dialog.problem ?? "", theme.warning)])
        case .none:
            if case .incomplete(let words) = dialog.draft.state(in: model.overview) {
                lines.append([Span("To be said: \(words).", theme.muted)])
            } else {
                lines.append([Span("Nobody tells beforehand what it would do; it begins unseen.", theme.warning)])
            }
        case .asking: lines.append([Span("Asking what it would do \(theme.glyphs.ellipsis)", theme.muted)])
        case .failed(let problem): lines.append([Span(problem, theme.bad)])
        case .ready: break
        }
        // The plan stays visible, also beside the reason why it was not started.
        if case .ready(let plan) = dialog.preview, !plan.isNothing || dialog.problem == nil {
            if dialog.problem != nil { lines.append([]) }
            lines += self.lines(of: plan)
        }
        let keys =
            fields.count > 1
            ? "up and down, left and right choose, Tab goes to the buttons"
            : "left and right choose, Tab goes to the buttons"
        return lines + [
            [], [Span(keys, theme.muted)],
            buttons("Cancel", confirming(dialog.draft.verb), isConfirming: dialog.isConfirming),
        ]
    }

    /// The label of the button that confirms; it names the cluster, unless that is a playground.
    func confirming(_ verb: String) -> String {
        guard let name = model.features.confirmationName else { return verb }
        return "\(verb) on \(name.truncatedInMiddle(to: 40, mark: theme.glyphs.ellipsis))"
    }

    /// The list of changes; one that cannot be made now shows the reason.
    func linesOfChanges(selected: Int) -> [[Span]] {
        let changes = model.changes
        var lines: [[Span]] = changes.enumerated().map { place, change in
            let target = Target(Place.command(change.command.name, argument: nil))
            let isSelected = place == min(selected, changes.count - 1)
            let mark = Span(isSelected ? theme.marks.cursor : " ", theme.accent)
            if case .refused(let reason) = change.offer {
                return [
                    mark, Span(change.row.keys.padded(to: 4), theme.muted),
                    Span("\(change.row.words): \(reason)", theme.muted),
                ]
            }
            return [
                mark, Span(change.row.keys.padded(to: 4), theme.accent, target: target),
                Span(change.row.words, isSelected ? theme.strong : theme.plain, target: target),
            ]
        }
        lines += [
            [],
            [
                Span("Enter", theme.accent), Span(" goes on, ", theme.muted), Span("Esc", theme.accent),
                Span(" goes back", theme.muted),
            ],
        ]
        return lines
    }

    func lines(ofPace line: TextLine) -> [[Span]] {
        let now = model.change.flatMap(\.paceMax).map { "\(Figures.plural($0, "key")) a second now" } ?? "no limit now"
        return [
            [
                Span("keys a second  ", theme.muted), Span("[\(typed(line.text))_]", theme.accent.adding(.bold)),
                Span("  \(now)", theme.muted),
            ],
            [],
            [
                Span(
                    line.refusal ?? "Of the change that runs, and of those to come; nothing for no limit.",
                    line.refusal == nil ? theme.muted : theme.bad)
            ],
            [
                Span("Enter", theme.accent), Span(" sets it, ", theme.muted), Span("Esc", theme.accent),
                Span(" goes back", theme.muted),
            ],
        ]
    }
}
