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
        for piece in flatMap(\.pieces) {
            let text = piece.text
            let columns = text.columns
            if used + columns <= width {
                line.append(piece)
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
                line.append(Span(head, piece.style, target: piece.target))
                rest = String(rest.dropFirst(head.count))
                begin()
            }
            line.append(Span(rest, piece.style, target: piece.target))
            used += rest.columns
        }
        if used > indent || lines.isEmpty { lines.append(line) }
        return lines
    }
}

extension Span {
    /// Words and the blanks between them, each with the span's style.
    fileprivate var pieces: [Span] {
        var pieces: [Span] = []
        for character in text {
            if let last = pieces.last?.text, (last.first == " ") == (character == " ") {
                pieces[pieces.count - 1].text.append(character)
            } else {
                pieces.append(Span(String(character), style, target: target))
            }
        }
        return pieces
    }
}
