/// A type whose JSON form is the text in which people write it.
public protocol CodedAsText: Codable, CustomStringConvertible {
    /// The predicate in the error about a text of another form: "no cluster's id".
    static var textForm: String { get }

    /// Nil for a text of another form.
    init?(_ text: String)
}

extension CodedAsText {
    /// - Throws: `DecodingError` with the text, if it is of another form.
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
