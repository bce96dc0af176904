/// Letters and figures of many cells, to be read from the last row of a hall.
public enum BigText {
    /// How a pixel is drawn.
    public enum Form: Sendable {
        /// Two pixels under one another share a cell; three rows in all.
        case half
        /// A pixel is two cells wide and one high; five rows in all.
        case whole

        public var rows: Int { self == .half ? 3 : 5 }
        fileprivate var columnsPerPixel: Int { self == .half ? 1 : 2 }
    }

    /// Pixels of a letter from top to bottom; all are as high.
    static let pixelRows = 5
    private static let unknown: [Substring] = ["###", "..#", ".##", "...", ".#."]

    /// Columns that the text takes.
    public static func columns(_ text: String, _ form: Form) -> Int {
        let widths = text.map { pixels(of: $0)[0].count }
        return (widths.reduce(0, +) + max(0, widths.count - 1)) * form.columnsPerPixel
    }

    /// Rows of marks for what is ink. Small letters are drawn as large ones, what has no letter as a question mark.
    static func pixels(of character: Character) -> [Substring] {
        letters[Character(character.uppercased().first.map(String.init) ?? "?")] ?? unknown
    }

    private static let letters: [Character: [Substring]] = {
        let drawn = [
            "A.#.|#.#|###|#.#|#.#", "B##.|#.#|##.|#.#|##.", "C.##|#..|#..|#..|.##", "D##.|#.#|#.#|#.#|##.",
            "E###|#..|##.|#..|###", "F###|#..|##.|#..|#..", "G.###|#...|#.##|#..#|.###", "H#.#|#.#|###|#.#|#.#",
            "I#|#|#|#|#", "J..#|..#|..#|#.#|.#.", "K#..#|#.#.|##..|#.#.|#..#", "L#..|#..|#..|#..|###",
            "M#...#|##.##|#.#.#|#...#|#...#", "N#...#|##..#|#.#.#|#..##|#...#", "O.##.|#..#|#..#|#..#|.##.",
            "P##.|#.#|##.|#..|#..", "Q.##.|#..#|#..#|#.#.|.#.#", "R##.|#.#|##.|#.#|#.#", "S.##|#..|.#.|..#|##.",
            "T###|.#.|.#.|.#.|.#.", "U#..#|#..#|#..#|#..#|.##.", "V#.#|#.#|#.#|#.#|.#.",
            "W#...#|#...#|#.#.#|##.##|#...#", "X#.#|#.#|.#.|#.#|#.#", "Y#.#|#.#|.#.|.#.|.#.", "Z###|..#|.#.|#..|###",
            "0###|#.#|#.#|#.#|###", "1.#.|##.|.#.|.#.|###", "2###|..#|###|#..|###", "3###|..#|.##|..#|###",
            "4#.#|#.#|###|..#|..#", "5###|#..|###|..#|###", "6###|#..|###|#.#|###", "7###|..#|..#|.#.|.#.",
            "8###|#.#|###|#.#|###", "9###|#.#|###|..#|###", " ..|..|..|..|..", ",..|..|..|.#|#.", "..|.|.|.|#",
            "%#.#|..#|.#.|#..|#.#", "=...|###|...|###|...", "/..#|..#|.#.|#..|#..", "-...|...|###|...|...",
            ":.|#|.|#|.", "<..#|.#.|#..|.#.|..#",
        ]
        return Dictionary(uniqueKeysWithValues: drawn.map { ($0.first ?? " ", $0.dropFirst().split(separator: "|")) })
    }()
}

extension Canvas {
    /// Writes text in large letters with its upper left corner at a place; what leaves the clip is dropped. Returns the
    /// columns that it takes.
    @discardableResult
    public mutating func put(
        big text: String, x: Int, y: Int, form: BigText.Form, style: Style, glyphs: Glyphs
    ) -> Int {
        var left = x
        for character in text {
            let pixels = BigText.pixels(of: character)
            for column in 0..<pixels[0].count {
                func isInk(_ row: Int) -> Bool {
                    row < pixels.count
                        && pixels[row][pixels[row].index(pixels[row].startIndex, offsetBy: column)] == "#"
                }
                for row in 0..<form.rows {
                    switch form {
                    case .half:
                        guard let glyph = glyphs.halves?[isInk(2 * row), isInk(2 * row + 1)] else { continue }
                        put(String(glyph), x: left + column, y: y + row, style: style)
                    case .whole:
                        guard isInk(row), let glyph = glyphs.bar.last else { continue }
                        put(String([glyph, glyph]), x: left + 2 * column, y: y + row, style: style)
                    }
                }
            }
            left += (pixels[0].count + 1) * (form == .half ? 1 : 2)
        }
        return BigText.columns(text, form)
    }
}

extension Glyphs {
    /// Cells whose upper half, lower half or both are ink.
    public struct Halves: Hashable, Sendable {
        public var upper: Character
        public var lower: Character
        public var full: Character

        subscript(isUpper: Bool, isLower: Bool) -> Character? {
            isUpper ? isLower ? full : upper : isLower ? lower : nil
        }
    }
}
