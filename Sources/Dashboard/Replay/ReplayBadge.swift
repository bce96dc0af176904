import TerminalUI

extension Drawing {
    /// The position of the replay in words, figures and a bar; the bar gives way first and the time last.
    func spans(of replay: ReplayPosition, width: Int) -> [Span] {
        let total = Self.time(replay.durationMilliseconds)
        let now = Self.time(replay.milliseconds).aligned(to: total.count)
        let isOver = replay.isAtEnd && !replay.isPlaying
        let style = replay.isPlaying ? theme.accent : theme.warning
        var line = FittedLine(gap: [Span(" ")])
        line.add("replay", style.adding(.bold), priority: 8)
        line.add(
            replay.isPlaying ? theme.marks.running : isOver ? theme.marks.ended : theme.marks.paused, style,
            priority: 7)
        line.add(Self.speed(quarters: replay.speedInQuarters), theme.strong, priority: 6)
        if !replay.isPlaying { line.add(isOver ? "over" : "paused", theme.warning, priority: 5) }
        if replay.isLooping { line.add("loop", theme.muted, priority: 3) }
        line.add([Span(now, theme.strong), Span(" / \(total)", theme.muted)], priority: 9)
        line.add(timeOfDay.words(milliseconds: model.nowMilliseconds), theme.muted, priority: 6)
        let fraction = Double(replay.milliseconds) / Double(max(1, replay.durationMilliseconds))
        line.add(bar(fraction, width: 12), priority: 2)
        return line.spans(width: width)
    }

    private func bar(_ fraction: Double, width: Int) -> [Span] {
        let place = min(width - 1, Int((fraction * Double(width - 1)).rounded()))
        let lane = String(theme.glyphs.box[0])
        return [
            Span(String(repeating: lane, count: place), theme.accent), Span(theme.marks.good, theme.strong),
            Span(String(repeating: theme.glyphs.lane, count: width - 1 - place), theme.frame),
        ]
    }

    /// 0:13, 1:05:00
    static func time(_ milliseconds: UInt64) -> String {
        let seconds = milliseconds / 1_000
        func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return seconds < 3_600
            ? "\(seconds / 60):\(two(seconds % 60))"
            : "\(seconds / 3_600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// 0.25x, 0.5x, 1x
    static func speed(quarters: UInt64) -> String {
        quarters == 1 ? "0.25x" : quarters == 2 ? "0.5x" : "\(quarters / 4)x"
    }
}
