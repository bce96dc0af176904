/// The characters that pictures are made of, in a rich and a plain set.
public struct Glyphs: Hashable, Sendable {
    /// Horizontal, vertical, and the corners upper left, upper right, lower left, lower right.
    public var box: [Character]
    /// A bar's cell from one part filled to all of it; the parts are as many as there are characters.
    public var bar: [Character]
    /// A sparkline's cell from lowest to highest.
    public var spark: [Character]
    /// A cell of what is to be told from the rest of a picture.
    public var shade: Character
    public var ellipsis: String
    public var arrow: String
    /// Between things on one line.
    public var dot: String
    /// A cell of a line along which something moves, and the line's head.
    public var lane: String
    public var head: String
    /// The same of a line from top to bottom.
    public var laneDown: String
    public var headDown: String
    /// The marks of things that move along a lane: of a single one, and of several in one cell.
    public var dots: [Character]
    /// A bar's cell for what was there before.
    public var stock: Character
    /// For large letters of two pixels a cell; nil if there are none.
    public var halves: Halves?

    public static let unicode = Glyphs(
        box: ["─", "│", "╭", "╮", "╰", "╯"],
        bar: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
        spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], shade: "░",
        ellipsis: "…", arrow: "→", dot: "·", lane: "┄", head: "▶", laneDown: "┊", headDown: "▼", dots: ["•", "●"],
        stock: "▒", halves: Halves(upper: "▀", lower: "▄", full: "█"))

    public static let ascii = Glyphs(
        box: ["-", "|", "+", "+", "+", "+"],
        bar: ["#"],
        spark: ["_", ".", "-", "=", "*", "#"], shade: ":",
        ellipsis: "~", arrow: "->", dot: "-", lane: "-", head: ">", laneDown: ":", headDown: "v", dots: ["o", "O"],
        stock: "=", halves: nil)
}
