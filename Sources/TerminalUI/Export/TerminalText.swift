extension Canvas {
    /// The bytes that make a terminal show this canvas after `before`: the runs of cells that differ, each at its
    /// place. Without `before`, the whole canvas on a cleared screen.
    public func terminalText(after before: Canvas?) -> String {
        let before = before?.size == size ? before : nil
        var text = before == nil ? "\u{1B}[?25l\u{1B}[0m\u{1B}[2J" : ""
        for y in 0..<size.height {
            guard let changed = changedColumns(y, before) else { continue }
            text += "\u{1B}[\(y + 1);\(changed.lowerBound + 1)H"
            var style: Style?
            for x in changed {
                let cell = self[x: x, y: y]
                if cell.isContinuation { continue }
                if cell.style != style {
                    style = cell.style
                    text += cell.style.terminalText
                }
                text.append(cell.character)
            }
            text += "\u{1B}[0m"
        }
        return text
    }

    /// The columns of a row from the first that differs to the last; nil if none does. A wide character counts as one.
    private func changedColumns(_ y: Int, _ before: Canvas?) -> Range<Int>? {
        guard let before else { return size.width > 0 ? 0..<size.width : nil }
        func differs(_ x: Int) -> Bool { self[x: x, y: y] != before[x: x, y: y] }
        guard var first = (0..<size.width).first(where: differs),
            var last = (0..<size.width).last(where: differs)
        else { return nil }
        if self[x: first, y: y].isContinuation { first -= 1 }
        if self[x: last + 1, y: y].isContinuation { last += 1 }
        return max(0, first)..<min(size.width, last + 1)
    }
}

extension Style {
    /// The sequence that turns this style on, and everything else off.
    fileprivate var terminalText: String {
        var codes = ["0"]
        if attributes.contains(.bold) { codes.append("1") }
        if attributes.contains(.dim) { codes.append("2") }
        if attributes.contains(.underline) { codes.append("4") }
        if attributes.contains(.reverse) { codes.append("7") }
        func add(_ color: Color?, _ first: Int) {
            guard let color else { return }
            codes.append("\(first);2;\(color.rgb >> 16 & 0xFF);\(color.rgb >> 8 & 0xFF);\(color.rgb & 0xFF)")
        }
        add(foreground, 38)
        add(background, 48)
        return "\u{1B}[\(codes.joined(separator: ";"))m"
    }
}
