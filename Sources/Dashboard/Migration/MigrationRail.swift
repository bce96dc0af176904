import ClusterModel
import TerminalUI
import Wording

/// The phases of a change of the layout: the one that runs, and how long each took.
extension Drawing {
    private enum RailForm: CaseIterable {
        /// Every phase with its time.
        case timed
        /// Every phase, the running one with its time.
        case named
        /// Signs alone, and the name of the running phase.
        case current
    }

    /// check ── collate ── rebalance ── broadcast ── freeze, each with its sign and its time. With less room the times
    /// are left out, and with least room the names of all phases but the running one.
    func rail(of change: Change, width: Int) -> [Span] {
        var spans: [Span] = []
        for form in RailForm.allCases {
            spans = []
            for (place, stage) in change.stages.enumerated() {
                if !spans.isEmpty { spans.append(Span(form == .timed ? " \(theme.marks.then) " : " ", theme.frame)) }
                spans += railSpans(place, stage, change, form)
            }
            if form == .current, let outcome = change.outcome {
                spans.append(Span(" " + outcome.kind.rawValue, theme.strong))
            }
            if spans.width <= width { break }
        }
        return spans
    }

    private func railSpans(
        _ place: Int, _ stage: Stage, _ change: Change, _ form: RailForm
    ) -> [Span] {
        let isRunning = !change.isOver && place == change.stage
        let name = form == .current && !isRunning ? "" : " " + stage.name
        guard stage.startMicroseconds != nil else { return [Span(theme.marks.waiting + name, theme.muted)] }
        if isRunning {
            // Padded to the width of a minute, so that the text behind it stands still.
            let time = words(ofElapsed: elapsedMicroseconds(of: stage, change))
            return [
                Span(theme.marks.running + name, theme.accent.adding(.bold)),
                Span(" " + time.padded(to: 6), theme.strong),
            ]
        }
        let isBroken = change.isOver && !change.isDone
        let isLast = place == change.stage
        let mark = isBroken && isLast ? theme.marks.bad : theme.marks.done
        var spans = [Span(mark + name, isBroken && isLast ? theme.bad : theme.good)]
        if form == .timed, let duration = stage.durationMicroseconds {
            spans.append(Span(" " + Figures.duration(microseconds: duration), theme.muted))
        }
        return spans
    }

    /// The elapsed time of something that still runs, below a minute in tenths of a second.
    func words(ofElapsed microseconds: UInt64) -> String {
        microseconds < 60_000_000
            ? Figures.tenths(Double(microseconds / 100_000) / 10) + " s" : Figures.duration(microseconds: microseconds)
    }

    /// How long a phase has been running; 0 if its beginning is unknown.
    func elapsedMicroseconds(of stage: Stage, _ change: Change) -> UInt64 {
        guard let start = stage.startMicroseconds else { return 0 }
        let elapsed = (model.changeWatch?.elapsedMilliseconds(at: model.nowMilliseconds) ?? 0) * 1_000
        return elapsed - min(elapsed, start)
    }
}
