/// One place of a canvas.
public struct Cell: Hashable, Sendable {
    /// The character shown: of one or two columns, with the marks on it.
    public var character: Character
    public var style: Style
    /// True for the second column of a wide character; ``character`` means nothing then.
    public var isContinuation: Bool

    public init(_ character: Character = " ", style: Style = .plain, isContinuation: Bool = false) {
        self.character = character
        self.style = style
        self.isContinuation = isContinuation
    }

    public static let blank = Cell()
}

/// A piece of text in one style.
public struct Span: Hashable, Sendable {
    public var text: String
    public var style: Style
    /// The target that a click on it means; nil for none.
    public var target: Target?

    public init(_ text: String, _ style: Style = .plain, target: Target? = nil) {
        self.text = text
        self.style = style
        self.target = target
    }

    /// Columns that it takes.
    public var width: Int { text.columns }
}

extension [Span] {
    /// Columns that the spans take together.
    public var width: Int { reduce(0) { $0 + $1.width } }
}
