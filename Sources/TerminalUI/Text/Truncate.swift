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
            let columns = character.columns
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
            let columns = character.columns
            if used + columns > room { break }
            result.append(character)
            used += columns
        }
        return mark + String(result.reversed())
    }

    /// The text, or as much of its beginning and its end as fits `width` columns together with `mark` between them.
    public func truncatedInMiddle(to width: Int, mark: String = "…") -> String {
        if columns <= width { return self }
        let room = width - mark.columns
        guard room >= 2 else { return truncated(to: width, mark: mark) }
        return truncated(to: room - room / 2, mark: "") + mark + truncatedAtStart(to: room / 2, mark: "")
    }

    /// Filled up with blanks to `width` columns; never cut.
    public func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - columns))
    }

    /// Moved to the right end of `width` columns; never cut.
    public func aligned(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - columns)) + self
    }

    /// Cut into lines of at most `width` columns, between words where possible, and never between a figure and the
    /// word that it counts. Blanks beside one another are one.
    public func wrapped(to width: Int) -> [String] {
        guard width > 0 else { return [] }
        let words = split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        return [Span(words)].wrapped(to: width).map { $0.map(\.text).joined() }
    }
}
