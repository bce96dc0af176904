import TerminalUI

/// One accent per meaning, on the terminal's own background.
public struct Theme: Hashable, Sendable {
    public var glyphs: Glyphs
    public var marks: Marks
    /// Text that carries the matter.
    public var plain = Style()
    public var strong = Style(nil, on: nil, .bold)
    /// Words around the matter.
    public var muted: Style
    public var frame: Style
    /// What moves, and what is chosen.
    public var accent: Style
    public var good: Style
    public var warning: Style
    public var bad: Style
    public var title: Style
    /// Shards, by place among them, which is the id of ours; more shards than colours begin anew.
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
        public var cursor: String
        public var then: String
        public var paused: String
        public var ended: String
        /// The key that is followed.
        public var key: String

        static let unicode = Marks(
            good: "●", warning: "◐", bad: "○", running: "▶", waiting: "·", done: "✓", cursor: "▌", then: "──",
            paused: "‖", ended: "■", key: "◆")
        static let ascii = Marks(
            good: "+", warning: "~", bad: "x", running: ">", waiting: ".", done: "v", cursor: ">", then: "--",
            paused: "=", ended: "#", key: "*")
    }

    /// - Parameter isASCII: for terminals and locales that show nothing beyond it.
    public static func standard(isASCII: Bool = false) -> Theme {
        let grey = Color(0x8A919C, basic: 7)
        let faint = Color(0x4A5160, basic: 8)
        return Theme(
            glyphs: isASCII ? .ascii : .unicode, marks: isASCII ? .ascii : .unicode,
            muted: Style(grey), frame: Style(faint),
            accent: Style(Color(0x5FB3F5, basic: 12)), good: Style(Color(0x7CC47F, basic: 2)),
            warning: Style(Color(0xE8B04A, basic: 3)), bad: Style(Color(0xF0646B, basic: 9), on: nil, .bold),
            title: Style(nil, on: nil, .bold),
            shards: [
                Style(Color(0x5FB3F5, basic: 12)), Style(Color(0xE59A5B, basic: 11)),
                Style(Color(0x9CCB6A, basic: 10)), Style(Color(0xC792EA, basic: 13)),
                Style(Color(0x56C8C0, basic: 14)), Style(Color(0xE0709C, basic: 5)),
                Style(Color(0xD9C55A, basic: 3)), Style(Color(0x8FA3FF, basic: 4)),
            ],
            track: Cell(isASCII ? "." : "·", style: Style(faint)))
    }

    public func shard(_ place: Int) -> Style { shards[((place % shards.count) + shards.count) % shards.count] }

    func style(of condition: ClusterOverview.Condition) -> Style {
        condition.isBad ? bad : condition.isGood ? good : warning
    }

    func mark(of condition: ClusterOverview.Condition) -> String {
        condition.isBad ? marks.bad : condition.isGood ? marks.good : marks.warning
    }
}
