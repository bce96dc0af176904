/// How a cell looks. Nil colours are the terminal's own.
public struct Style: Hashable, Sendable {
    public struct Attributes: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let bold = Attributes(rawValue: 1)
        public static let dim = Attributes(rawValue: 2)
        public static let reverse = Attributes(rawValue: 4)
        public static let underline = Attributes(rawValue: 8)
        /// Bold is left out: a terminal of eight colours would draw a brighter one, which a light ground swallows.
        public static let steady = Attributes(rawValue: 16)
    }

    public var foreground: Color?
    public var background: Color?
    public var attributes: Attributes

    public init(_ foreground: Color? = nil, on background: Color? = nil, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    public static let plain = Style()

    public func adding(_ more: Attributes) -> Style {
        Style(foreground, on: background, attributes.union(more))
    }

    public func on(_ color: Color?) -> Style { Style(foreground, on: color, attributes) }
}
