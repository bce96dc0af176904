import ClusterModel
import TerminalUI

/// One accent per meaning, on the terminal's own background.
public struct Theme: Hashable, Sendable {
    public var glyphs: Glyphs
    public var marks: Marks
    /// The main text.
    public var plain = Style()
    public var strong = Style(nil, on: nil, .bold)
    /// Secondary text around the main text.
    public var muted: Style
    public var frame: Style
    /// Moving and chosen elements.
    public var accent: Style
    public var good: Style
    public var warning: Style
    public var bad: Style
    public var title: Style
    /// Shards, by their place, which in a shardnode cluster is the id; more shards than colours begin anew.
    public var shards: [Style]
    /// The unfilled part of a bar.
    public var track: Cell

    /// Signs that stand beside words, never alone.
    public struct Marks: Hashable, Sendable {
        public var good: String
        public var warning: String
        public var bad: String
        public var running: String
        public var waiting: String
        public var done: String
        /// Something that was given up, as a seed that did not balance.
        public var refused: String
        public var cursor: String
        public var then: String
        public var paused: String
        public var ended: String
        /// The key that is followed.
        public var key: String
        /// The sign of a sort with the most, or the worst, first; ``ascending`` is the sign of the opposite.
        public var descending: String
        public var ascending: String

        static let unicode = Marks(
            good: "●", warning: "◐", bad: "○", running: "▶", waiting: "·", done: "✓", refused: "✗", cursor: "▌",
            then: "──", paused: "‖", ended: "■", key: "◆", descending: "▼", ascending: "▲")
        static let ascii = Marks(
            good: "+", warning: "~", bad: "x", running: ">", waiting: ".", done: "v", refused: "x", cursor: ">",
            then: "--", paused: "=", ended: "#", key: "*", descending: "v", ascending: "^")
    }

    /// - Parameters:
    ///   - depth: the colours of the terminal; without any, every theme looks like ``ThemeName/mono``.
    ///   - isASCII: true for terminals and locales that show nothing beyond ASCII.
    public static func named(_ name: ThemeName, depth: ColorDepth = .direct, isASCII: Bool = false) -> Theme {
        let colors = ThemeColors.of(name, depth)
        return Theme(
            glyphs: isASCII ? .ascii : .unicode, marks: isASCII ? .ascii : .unicode, muted: colors.muted,
            frame: colors.frame, accent: colors.accent, good: colors.good, warning: colors.warning, bad: colors.bad,
            title: Style(nil, on: nil, .bold), shards: colors.shards,
            track: Cell(isASCII ? "." : "·", style: colors.frame))
    }

    /// The dark theme, on a terminal with all colours.
    public static func standard(isASCII: Bool = false) -> Theme { named(.dark, isASCII: isASCII) }

    public func shard(_ place: Int) -> Style { shards[((place % shards.count) + shards.count) % shards.count] }

    func style(of level: Level) -> Style {
        switch level {
        case .good: good
        case .warning: warning
        case .bad: bad
        }
    }

    func mark(of level: Level) -> String {
        switch level {
        case .good: marks.good
        case .warning: marks.warning
        case .bad: marks.bad
        }
    }
}
