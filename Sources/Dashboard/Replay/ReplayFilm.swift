import ClusterModel
import TerminalUI

/// A recording as frames, as its replay would show them, without a terminal and without waiting.
@MainActor
public struct ReplayFilm {
    /// The look of the frames.
    public struct Look: Sendable {
        public var size: Size
        public var theme: ThemeName
        public var isASCII: Bool
        public var isPresenting: Bool
        public var timeOfDay: TimeOfDay

        public init(
            size: Size, theme: ThemeName = .dark, isASCII: Bool = false, isPresenting: Bool = false,
            timeOfDay: TimeOfDay = .local
        ) {
            self.size = size
            self.theme = theme
            self.isASCII = isASCII
            self.isPresenting = isPresenting
            self.timeOfDay = timeOfDay
        }
    }

    /// The part of the recording that is played, and its speed.
    public struct Cut: Sendable {
        /// Since the recording's beginning.
        public var fromMilliseconds: UInt64
        /// Nil for the recording's end.
        public var toMilliseconds: UInt64?
        /// The speed, in quarters of the recorded one.
        public var speedInQuarters: UInt64

        public init(fromMilliseconds: UInt64 = 0, toMilliseconds: UInt64? = nil, speedInQuarters: UInt64 = 4) {
            self.fromMilliseconds = fromMilliseconds
            self.toMilliseconds = toMilliseconds
            self.speedInQuarters = speedInQuarters
        }
    }

    private let recording: Recording
    private let look: Look
    private let cut: Cut

    public init(_ recording: Recording, look: Look, cut: Cut = Cut()) {
        (self.recording, self.look, self.cut) = (recording, look, cut)
    }

    /// When the recording began, in seconds since 1970.
    public var startSeconds: UInt64 { recording.times[0] / 1_000 }

    /// How long the film plays.
    public var durationMilliseconds: UInt64 {
        let whole = recording.position.durationMilliseconds
        let end = min(whole, cut.toMilliseconds ?? whole)
        // Rounded up, so that the end is reached.
        let speed = max(1, cut.speedInQuarters)
        return ((end - min(end, cut.fromMilliseconds)) * 4 + speed - 1) / speed
    }

    /// Calls `body` with every frame that differs from the one before, and with its time since the beginning.
    ///
    /// - Parameter interval: the time between two frames.
    public func forEachFrame(
        everyMilliseconds interval: UInt64, _ body: (Canvas, UInt64) throws -> Void
    ) rethrows {
        let clock = Clock()
        let player = ReplayPlayer(recording, realMilliseconds: { clock.milliseconds })
        _ = player.obey(.toStart)
        while player.speedInQuarters < cut.speedInQuarters, player.isQuickened() {}
        while player.speedInQuarters > cut.speedInQuarters, player.isSlowed() {}
        player.skip(toMilliseconds: cut.fromMilliseconds)
        var model = DashboardModel(name: player.name, isReadOnly: true)
        model.themeName = look.theme
        model.isPresenting = look.isPresenting
        let theme = Theme.named(look.theme, isASCII: look.isASCII)
        var last: Canvas?
        let duration = durationMilliseconds
        while true {
            _ = model.reduce(.replayed(player.moment()))
            var drawing = Drawing(model, theme: theme, timeOfDay: look.timeOfDay)
            drawing.isFilm = true
            let canvas = drawing.canvas(look.size)
            if canvas.cells != last?.cells { try body(canvas, clock.milliseconds) }
            last = canvas
            guard clock.milliseconds < duration else { return }
            clock.milliseconds = min(duration, clock.milliseconds + interval)
        }
    }

    private final class Clock {
        var milliseconds: UInt64 = 0
    }
}
