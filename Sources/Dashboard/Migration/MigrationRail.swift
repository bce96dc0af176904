import ShardCore
import TerminalUI

/// Where a change of the layout is, and how long each of its phases took.
extension Drawing {
    private static let railPhases: [ReshardProgress.Phase] = [.check, .collate, .rebalance, .broadcast, .freeze]

    private enum RailForm: CaseIterable {
        /// Every phase with its time.
        case timed
        /// Every phase, the running one with its time.
        case named
        /// Signs alone, and what is running.
        case current
    }

    /// check ── collate ── rebalance ── broadcast ── freeze, each with its sign and its time; where there is less
    /// room without the times, and where there is least with the name of the one that runs only.
    func rail(of reshard: ReshardProgress, width: Int) -> [Span] {
        var spans: [Span] = []
        for form in RailForm.allCases {
            spans = []
            for phase in Self.railPhases {
                if !spans.isEmpty { spans.append(Span(form == .timed ? " \(theme.marks.then) " : " ", theme.frame)) }
                spans += railSpans(phase, reshard, form)
            }
            if form == .current, reshard.phase.isEnd { spans.append(Span(" " + reshard.phase.rawValue, theme.strong)) }
            if spans.width <= width { break }
        }
        return spans
    }

    private func railSpans(
        _ phase: ReshardProgress.Phase, _ reshard: ReshardProgress, _ form: RailForm
    ) -> [Span] {
        let timing = reshard.timings.last { $0.phase == phase }
        let isRunning = reshard.phase == phase
        let name = form == .current && !isRunning ? "" : " " + phase.rawValue
        guard let timing else { return [Span(theme.marks.waiting + name, theme.muted)] }
        if isRunning {
            // As wide as a minute, so that what follows stands still.
            let time = words(ofElapsed: elapsedMicroseconds(of: phase, reshard))
            return [
                Span(theme.marks.running + name, theme.accent.adding(.bold)),
                Span(" " + time.padded(to: 6), theme.strong),
            ]
        }
        let isBroken = reshard.phase == .failed || reshard.phase == .aborted
        let isLast = reshard.timings.last?.phase == phase
        let mark = isBroken && isLast ? theme.marks.bad : theme.marks.done
        var spans = [Span(mark + name, isBroken && isLast ? theme.bad : theme.good)]
        if form == .timed, let duration = timing.durationMicroseconds {
            spans.append(Span(" " + Figures.duration(microseconds: duration), theme.muted))
        }
        return spans
    }

    /// In tenths of a second, since it runs.
    func words(ofElapsed microseconds: UInt64) -> String {
        microseconds < 60_000_000
            ? Figures.tenths(Double(microseconds / 100_000) / 10) + " s" : Figures.duration(microseconds: microseconds)
    }

    /// How long a phase has been running; 0 where its beginning is not known.
    func elapsedMicroseconds(of phase: ReshardProgress.Phase, _ reshard: ReshardProgress) -> UInt64 {
        guard let timing = reshard.timings.last(where: { $0.phase == phase }) else { return 0 }
        let elapsed = (model.reshardWatch?.elapsedMilliseconds(at: model.nowMilliseconds) ?? 0) * 1_000
        return elapsed - min(elapsed, timing.startMicroseconds)
    }
}
