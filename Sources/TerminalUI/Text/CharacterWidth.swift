extension Unicode.Scalar {
    /// Columns that terminals give it: 0 for marks and invisible characters, 2 for wide ones, nil for controls, which
    /// must never reach a terminal as text.
    public var columns: Int? {
        if value < 0x7F { return value < 0x20 ? nil : 1 }
        if value < 0xA0 { return nil }
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        // Lines, boxes and blocks, of which most of a frame is made.
        if (0x2500...0x259F).contains(value) { return 1 }
        switch properties.generalCategory {
        case .control, .surrogate, .lineSeparator, .paragraphSeparator: return nil
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // The vowels and final consonants of Korean syllables that are written as separate letters.
        if (0x1160...0x11FF).contains(value) { return 0 }
        if properties.isEmojiPresentation { return 2 }
        return Self.isWide(value) ? 2 : 1
    }

    /// True for what draws itself as a picture, or becomes one with its neighbours.
    fileprivate var isPicture: Bool { value >= 0x203C && properties.isEmoji }

    /// East Asian Width W and F of Unicode 15, beyond the emoji.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x16FFF, 0x17000...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
        0x20000...0x3FFFD,
    ]

    private static func isWide(_ value: UInt32) -> Bool {
        value >= 0x1100 && wide.contains { $0.contains(value) }
    }
}

extension Character {
    /// The part of it that a cell can hold, and the columns that it takes: its first visible scalar with the marks on
    /// it. Nil if nothing of it is visible. A control is shown as a replacement, so that no text can steer the
    /// terminal.
    public var cell: (character: Character, columns: Int)? {
        if let ascii = asciiValue {
            return (0x20..<0x7F).contains(ascii) ? (self, 1) : ("\u{FFFD}", 1)
        }
        let scalars = unicodeScalars
        if let scalar = scalars.first, scalars.dropFirst().isEmpty {
            guard let columns = scalar.columns else { return ("\u{FFFD}", 1) }
            return columns == 0 ? nil : (self, columns)
        }
        return Self.reduced(scalars)
    }

    /// The cells after ``cell``, for a character that takes several: a script that joins letters makes one character of
    /// more than stands in a terminal's cell. Pictures that are joined are one, of which the first stands for all.
    public var moreCells: [(character: Character, columns: Int)] {
        let scalars = unicodeScalars
        guard !scalars.dropFirst().isEmpty, let first = scalars.first(where: { $0.columns != 0 }), !first.isPicture
        else {
            return []
        }
        var cells: [(character: Character, columns: Int)] = []
        var rest = scalars.dropFirst()
        while let index = rest.firstIndex(where: { $0.columns ?? 0 > 0 && !$0.properties.isVariationSelector }) {
            rest = rest[index...]
            if rest[index].isPicture { break }
            guard let cell = Self.reduced(String.UnicodeScalarView(rest)) else { break }
            cells.append(cell)
            rest = rest.dropFirst()
        }
        return cells
    }

    /// Columns that it takes on a terminal.
    public var columns: Int { (cell?.columns ?? 0) + moreCells.reduce(0) { $0 + $1.columns } }

    /// The most marks that a terminal library keeps on a character.
    static let marksMax = 4

    private static func reduced(_ scalars: UnicodeScalarView) -> (character: Character, columns: Int)? {
        guard let index = scalars.firstIndex(where: { $0.columns != 0 }) else { return nil }
        let base = scalars[index]
        guard let columns = base.columns else { return ("\u{FFFD}", 1) }
        var kept = String.UnicodeScalarView([base])
        for scalar in scalars[scalars.index(after: index)...] {
            // Joiners and variation selectors change pictures, not columns, and terminals disagree about them.
            guard scalar.columns == 0, scalar.properties.generalCategory != .format else { break }
            guard !scalar.properties.isVariationSelector, kept.count <= marksMax else { break }
            kept.append(scalar)
        }
        return (Character(String(kept)), columns)
    }
}

extension StringProtocol {
    /// Columns that the text takes on a terminal.
    public var columns: Int { isPlain ? utf8.count : reduce(0) { $0 + $1.columns } }

    /// True for visible ASCII alone, each of which takes a column. A frame asks for the columns of thousands of texts, and
    /// nearly all of them are that.
    var isPlain: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            for byte in bytes where !(0x20..<0x7F).contains(byte) { return false }
            return true
        } ?? false
    }
}
