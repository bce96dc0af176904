/// What stands in JSON as the text that people write it in.
public protocol CodedAsText: Codable, CustomStringConvertible {
    /// Ends the words about a text that is none: "no cluster's id".
    static var textForm: String { get }

    /// Nil for a text that is none.
    init?(_ text: String)
}

extension CodedAsText {
    /// - Throws: `DecodingError` with the text, where it is none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text.prefix(80))' is \(Self.textForm)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
