extension String {
    /// The text, or as much of its beginning as fits `width` columns together with `mark`, which then ends it.
    public func truncated(to width: Int, mark: String = "…") -> String {
        guard width > 0 else { return "" }
        if columns <= width { return self }
        let room = width - mark.columns
        guard room >= 0 else { return String(repeating: ".", count: width) }
        var result = ""
        var used = 0
        for character in self {
            let columns = character.cell?.columns ?? 0
            if used + columns > room { break }
            result.append(character)
            used += columns
        }
        return result + mark
    }

    /// The text, or as much of its end as fits `width` columns together with `mark`, which then begins it: what tells
    /// addresses apart is their end.
    public func truncatedAtStart(to width: Int, mark: String = "…") -> String {
        guard width > 0 else { return "" }
        if columns <= width { return self }
        let room = width - mark.columns
        guard room >= 0 else { return String(repeating: ".", count: width) }
        var result: [Character] = []
        var used = 0
        for character in reversed() {
            let columns = character.cell?.columns ?? 0
            if used + columns > room { break }
            result.append(character)
            used += columns
        }
        return mark + String(result.reversed())
    }

    /// Filled up with blanks to `width` columns; never cut.
    public func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - columns))
    }

    /// Moved to the right end of `width` columns; never cut.
    public func aligned(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - columns)) + self
    }

    /// Cut into lines of at most `width` columns, between words where possible.
    public func wrapped(to width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ", omittingEmptySubsequences: true) {
            var rest = String(word)
            if !line.isEmpty, line.columns + 1 + rest.columns <= width {
                line += " " + rest
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while rest.columns > width {
                let head = rest.truncated(to: width, mark: "")
                guard !head.isEmpty else { return lines }
                lines.append(head)
                rest = String(rest.dropFirst(head.count))
            }
            line = rest
        }
        return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
    }
}
