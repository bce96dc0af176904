import ClusterModel
import TerminalUI
import Wording

/// The verdict on the screen: a sentence in the header, advice below it, and all findings in a dialog.
extension Drawing {
    func style(of rank: Verdict.Rank) -> Style {
        switch rank {
        case .ok: theme.good
        case .changing: theme.accent
        case .degraded: theme.warning
        case .down: theme.bad
        }
    }

    func mark(of rank: Verdict.Rank) -> String {
        switch rank {
        case .ok: theme.marks.good
        case .changing: theme.marks.running
        case .degraded: theme.marks.warning
        case .down: theme.marks.bad
        }
    }

    /// The verdict in so many columns: if room is short, without the word for its rank, which its sign tells, too.
    func verdictSpans(width: Int) -> [Span] {
        let verdict = model.verdict
        let style = style(of: verdict.rank).adding(.bold)
        let sign = mark(of: verdict.rank) + " "
        let words = labels.shortened(verdict.words)
        guard let worst = verdict.worst, verdict.rank != .ok, (sign + words).columns > width else {
            return [Span(sign + words, style, target: Self.healthTarget)]
        }
        let short = labels.shortened(worst.words).truncated(to: width - sign.columns, mark: theme.glyphs.ellipsis)
        return [Span(sign + short, style, target: Self.healthTarget)]
    }

    private static let healthTarget = Target(Place.command("health", argument: nil))

    /// Draws the advice on the worst finding, and how many more there are. Nothing if there is none. If all is well all
    /// the same, the header does not say what the finding is, and this line does.
    func drawAdvice(_ canvas: inout Canvas, _ rect: Rect) {
        let verdict = model.verdict
        guard verdict.rank != .changing, let worst = verdict.worst else { return }
        let others = verdict.findings.count - 1
        let more: [Span] =
            others == 0
            ? []
            : [
                Span(" and \(Figures.plural(others, "thing")) more: ", theme.muted, target: Self.healthTarget),
                Span("H", theme.accent, target: Self.healthTarget), Span(" "),
            ]
        let room = rect.width - 4 - more.width
        if let advice = worst.advice {
            let text = worst.rank == .ok ? "\(worst.words): \(advice)" : advice
            let words = labels.shortened(text).truncated(to: room - 6, mark: theme.glyphs.ellipsis)
            canvas.put(
                [Span(" \(theme.glyphs.arrow) ", style(of: worst.rank)), Span(words, theme.plain), Span(" ")],
                x: rect.x + 1, y: rect.y, width: room)
        }
        canvas.put(more, x: rect.right - 1 - more.width, y: rect.y)
    }

    func linesOfHealth() -> [[Span]] {
        let verdict = model.verdict
        var lines: [[Span]] = [
            [Span("\(mark(of: verdict.rank)) \(verdict.rank.rawValue)", style(of: verdict.rank).adding(.bold))], [],
        ]
        if verdict.findings.isEmpty {
            lines.append([Span("Every shard has all of its members, and nothing is wrong.", theme.muted)])
        }
        for finding in verdict.findings {
            lines.append([
                Span(mark(of: finding.rank) + " ", style(of: finding.rank)),
                Span(labels.shortened(finding.words), style(of: finding.rank)),
            ])
            guard let advice = finding.advice else { continue }
            lines.append([
                Span("  \(theme.glyphs.arrow) ", theme.muted), Span(labels.shortened(advice), theme.plain),
            ])
        }
        if let problem = model.recordingProblem {
            lines += [[], [Span("The recording has ended: \(problem)", theme.bad)]]
        }
        return lines + [[], [Span("Esc goes back", theme.muted)]]
    }
}
