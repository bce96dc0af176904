extension Canvas {
    /// The characters, a line for each row, without the blanks at their ends.
    public var text: String {
        (0..<size.height).map(line).joined(separator: "\n") + "\n"
    }

    /// The characters of one row, without the blanks at its end.
    public func line(_ y: Int) -> String {
        var result = ""
        for x in 0..<size.width where !self[x: x, y: y].isContinuation { result.append(self[x: x, y: y].character) }
        while result.hasSuffix(" ") { result.removeLast() }
        return result
    }

    /// For each row, the runs of cells of one style that is not the plain one: `column+length foreground background
    /// attributes`, in a form that a person can compare.
    public var attributesText: String {
        (0..<size.height).map(attributesLine).joined(separator: "\n") + "\n"
    }

    private func attributesLine(_ y: Int) -> String {
        var runs: [String] = []
        var x = 0
        while x < size.width {
            let style = self[x: x, y: y].style
            let start = x
            while x < size.width, self[x: x, y: y].style == style { x += 1 }
            if style != .plain { runs.append("\(start)+\(x - start) \(style.label)") }
        }
        return runs.joined(separator: "; ")
    }
}

extension Style {
    fileprivate var label: String {
        var parts: [String] = []
        if let foreground { parts.append("#" + foreground.hex) }
        if let background { parts.append("on #" + background.hex) }
        if attributes.contains(.bold) { parts.append("bold") }
        if attributes.contains(.dim) { parts.append("dim") }
        if attributes.contains(.reverse) { parts.append("reverse") }
        if attributes.contains(.underline) { parts.append("underline") }
        return parts.joined(separator: " ")
    }
}
