extension Canvas {
    /// A frame along the inner edge of `rect`.
    public mutating func box(_ rect: Rect, style: Style, glyphs: Glyphs) {
        guard rect.width >= 2, rect.height >= 2, glyphs.box.count == 6 else { return }
        let inner = rect.inset(columns: 1, rows: 1)
        fill(Rect(x: inner.x, y: rect.y, width: inner.width, height: 1), glyphs.box[0], style: style)
        fill(Rect(x: inner.x, y: rect.bottom - 1, width: inner.width, height: 1), glyphs.box[0], style: style)
        fill(Rect(x: rect.x, y: inner.y, width: 1, height: inner.height), glyphs.box[1], style: style)
        fill(Rect(x: rect.right - 1, y: inner.y, width: 1, height: inner.height), glyphs.box[1], style: style)
        put(String(glyphs.box[2]), x: rect.x, y: rect.y, style: style)
        put(String(glyphs.box[3]), x: rect.right - 1, y: rect.y, style: style)
        put(String(glyphs.box[4]), x: rect.x, y: rect.bottom - 1, style: style)
        put(String(glyphs.box[5]), x: rect.right - 1, y: rect.bottom - 1, style: style)
    }

    /// A bar of `fraction`, 0 ... 1, in steps of a part of a cell. More than nothing is never drawn as nothing, and
    /// less than all never as all.
    public mutating func bar(
        x: Int, y: Int, width: Int, fraction: Double, style: Style, track: Cell, glyphs: Glyphs
    ) {
        let parts = glyphs.bar.count
        guard width > 0, parts > 0 else { return }
        let whole = width * parts
        var filled = fraction.isFinite ? Int((min(1, max(0, fraction)) * Double(whole)).rounded()) : 0
        if fraction > 0, filled == 0 { filled = 1 }
        if fraction < 1, filled == whole, whole > 1 { filled = whole - 1 }
        let barStyle = style.on(track.style.background)
        for column in 0..<width {
            let rest = filled - column * parts
            if rest <= 0 {
                put(String(track.character), x: x + column, y: y, style: track.style)
            } else {
                put(String(glyphs.bar[min(rest, parts) - 1]), x: x + column, y: y, style: barStyle)
            }
        }
    }
}
