/// The name of a node, the same wherever it is meant: `host:port`, or another name by which its engine knows it.
public struct MemberID: Hashable, Sendable {
    /// Longer names are cut off.
    public static let bytesMax = 512

    /// As its engine writes it; may hold what acts on a terminal, see `description`.
    public let text: String

    public init(_ text: String) {
        self.text =
            text.utf8.count <= Self.bytesMax ? text : String(decoding: text.utf8.prefix(Self.bytesMax), as: UTF8.self)
    }
}

extension MemberID {
    /// True for `host:port` with a port of 1 ... 65535.
    public var isAddress: Bool {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else { return false }
        let host = text[..<colon]
        let port = text[text.index(after: colon)...]
        return !host.contains { $0.isWhitespace || $0.isNewline } && port.count <= 5
            && port.allSatisfy { $0.isASCII && $0.isNumber } && Int(port).map((1...65_535).contains) == true
    }
}

extension MemberID: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension MemberID: CustomStringConvertible {
    /// For people: control characters are shown as a sign for what is unknown.
    public var description: String { text.withoutControls }
}

extension MemberID: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}

extension MemberID: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
