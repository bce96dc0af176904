/// A column of a graph: what was so in one span of time.
public struct GraphColumn: Hashable, Sendable {
    public var value: Double
    public var style: Style
    /// Drawn of lighter cells, so that it can be told from others without colour.
    public var isLight: Bool

    public init(_ value: Double, style: Style, isLight: Bool = false) {
        self.value = value
        self.style = style
        self.isLight = isLight
    }
}

extension Canvas {
    /// Columns as high as their share of `highest`, the last at the right end. What is nothing is a line on the ground, and
    /// what is not known is blank: the two are not the same. What is higher ends in `clip`.
    ///
    /// - Parameter columns: nil for a span of which nothing is known.
    public mutating func graph(
        _ columns: [GraphColumn?], _ rect: Rect, highest: Double, ground: Style, clip: String, glyphs: Glyphs
    ) {
        let parts = glyphs.spark.count
        guard !rect.isEmpty, let least = glyphs.spark.first, let full = glyphs.spark.last else { return }
        let shown = columns.suffix(rect.width)
        let whole = rect.height * parts
        for (offset, column) in shown.enumerated() {
            guard let column, column.value.isFinite else { continue }
            let x = rect.right - shown.count + offset
            let share = highest > 0 ? max(0, column.value / highest) : 0
            guard share > 0 else {
                put(String(least), x: x, y: rect.bottom - 1, style: ground)
                continue
            }
            let filled = max(1, Int((min(1, share) * Double(whole)).rounded()))
            for row in 0..<rect.height where filled > row * parts {
                let rest = filled - row * parts
                let glyph = column.isLight ? glyphs.shade : rest >= parts ? full : glyphs.spark[rest - 1]
                put(String(glyph), x: x, y: rect.bottom - 1 - row, style: column.style)
            }
            if share > 1 { put(clip, x: x, y: rect.y, style: column.style.adding(.bold)) }
        }
    }
}
