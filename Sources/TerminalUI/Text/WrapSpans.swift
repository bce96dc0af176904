extension [Span] {
    /// Cut into lines of at most `width` columns, between words where possible; lines after the first begin with
    /// `indent` blanks. Blanks between words that stay on one line are kept as they are.
    public func wrapped(to width: Int, indent: Int = 0) -> [[Span]] {
        guard self.width > width else { return [self] }
        let indent = Swift.min(indent, Swift.max(0, width - 8))
        var lines: [[Span]] = []
        var line: [Span] = []
        var used = 0
        func begin() {
            lines.append(line)
            line = indent > 0 ? [Span(String(repeating: " ", count: indent))] : []
            used = indent
        }
        for (text, style) in flatMap(\.pieces) {
            let columns = text.columns
            if used + columns <= width {
                line.append(Span(text, style))
                used += columns
                continue
            }
            // Blanks at a break are what the break is made of.
            if text.first == " " { continue }
            if used > indent || lines.isEmpty && used > 0 { begin() }
            var rest = text
            while rest.columns > width - used {
                let head = rest.truncated(to: width - used, mark: "")
                guard !head.isEmpty else { return lines + [line] }
                line.append(Span(head, style))
                rest = String(rest.dropFirst(head.count))
                begin()
            }
            line.append(Span(rest, style))
            used += rest.columns
        }
        if used > indent || lines.isEmpty { lines.append(line) }
        return lines
    }
}

extension Span {
    /// Words and the blanks between them, each with the span's style.
    fileprivate var pieces: [(String, Style)] {
        var pieces: [(String, Style)] = []
        for character in text {
            if let last = pieces.last?.0, (last.first == " ") == (character == " ") {
                pieces[pieces.count - 1].0.append(character)
            } else {
                pieces.append((String(character), style))
            }
        }
        return pieces
    }
}
