extension [Span] {
    /// Cut into lines of at most `width` columns, between words where possible, and never between a figure and the word
    /// that it counts, as in "10.4 ms"; lines after the first begin with `indent` blanks. Blanks between words that stay
    /// on one line are kept as they are.
    public func wrapped(to width: Int, indent: Int = 0) -> [[Span]] {
        guard self.width > width else { return [self] }
        guard width > 0 else { return [] }
        var lines = Lines(width: width, indent: Swift.min(indent, Swift.max(0, width - 8)))
        for piece in Piece.joined(pieces, width: width) { lines.add(piece) }
        return lines.finished
    }

    /// Words, over as many spans as they run, and the blanks between them.
    private var pieces: [Piece] {
        var pieces: [Piece] = []
        for span in self {
            for character in span.text {
                let isBlank = character == " "
                let part = Span(String(character), span.style, target: span.target)
                if pieces.last?.isBlank != isBlank {
                    pieces.append(Piece(spans: [part], isBlank: isBlank))
                } else {
                    pieces[pieces.count - 1].append(part)
                }
            }
        }
        return pieces
    }
}

/// A part of a line that breaks come between: a word, a figure with its word, or blanks.
private struct Piece {
    var spans: [Span]
    let isBlank: Bool

    var text: String { spans.map(\.text).joined() }

    /// True for a number alone: what follows it says of what. A time of day is none.
    private var isFigure: Bool {
        let text = text
        guard let first = text.drop(while: { "<>+-".contains($0) }).first, first.isNumber else { return false }
        return text.allSatisfy { $0.isNumber || "<>+-.,/".contains($0) } && text.last != ","
    }

    mutating func append(_ span: Span) {
        if let last = spans.last, last.style == span.style, last.target == span.target {
            spans[spans.count - 1].text += span.text
        } else {
            spans.append(span)
        }
    }

    /// Figures joined with the blanks and the word behind them, where the whole fits a line.
    static func joined(_ pieces: [Piece], width: Int) -> [Piece] {
        var result: [Piece] = []
        var index = 0
        while index < pieces.count {
            let piece = pieces[index]
            if piece.isFigure, index + 2 < pieces.count, !pieces[index + 2].isFigure {
                let whole = Piece(spans: pieces[index...index + 2].flatMap(\.spans), isBlank: false)
                if whole.spans.width <= width {
                    result.append(whole)
                    index += 3
                    continue
                }
            }
            result.append(piece)
            index += 1
        }
        return result
    }
}

/// Lines as they fill up.
private struct Lines {
    let width: Int
    let indent: Int
    private var done: [[Span]] = []
    private var line: [Span] = []
    private var used = 0

    init(width: Int, indent: Int) {
        self.width = width
        self.indent = indent
    }

    var finished: [[Span]] { used > indent || done.isEmpty ? done + [line] : done }

    mutating func add(_ piece: Piece) {
        let columns = piece.spans.width
        if used + columns <= width {
            line += piece.spans
            used += columns
            return
        }
        // Blanks at a break are what the break is made of.
        if piece.isBlank { return }
        if used > indent || done.isEmpty && used > 0 { begin() }
        for span in piece.spans { cut(span) }
    }

    /// A word that is longer than a line goes on in the next.
    private mutating func cut(_ span: Span) {
        var rest = span.text
        while rest.columns > width - used {
            let head = rest.truncated(to: width - used, mark: "")
            // A wide character that a line of one column cannot hold is left out.
            if head.isEmpty, used <= indent { return }
            if !head.isEmpty { line.append(Span(head, span.style, target: span.target)) }
            rest = String(rest.dropFirst(head.count))
            begin()
        }
        line.append(Span(rest, span.style, target: span.target))
        used += rest.columns
    }

    private mutating func begin() {
        // Blanks before the break are what it is made of, too; the indent stays.
        let least = done.isEmpty || indent == 0 ? 0 : 1
        while line.count > least, line.last?.text.allSatisfy({ $0 == " " }) == true { line.removeLast() }
        done.append(line)
        line = indent > 0 ? [Span(String(repeating: " ", count: indent))] : []
        used = indent
    }
}
