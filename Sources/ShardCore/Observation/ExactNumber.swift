/// A number that may be 2^53 or above, as incarnations and timestamps are.
///
/// It is written to JSON as text, because many readers, JavaScript and jq among them, take JSON's numbers for
/// floating-point ones and would change its last digits. Numbers are read as well: earlier versions wrote them.
@propertyWrapper
public struct ExactNumber: Hashable, Sendable, Codable {
    public var wrappedValue: UInt64

    public init(wrappedValue: UInt64) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let text = try? container.decode(String.self) else {
            wrappedValue = try container.decode(UInt64.self)
            return
        }
        guard let number = UInt64(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text.prefix(40))' is no whole number")
        }
        wrappedValue = number
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(wrappedValue))
    }
}

/// An optional ``ExactNumber``; nil is left out of the JSON.
@propertyWrapper
public struct OptionalExactNumber: Hashable, Sendable, Codable {
    public var wrappedValue: UInt64?

    public init(wrappedValue: UInt64?) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        wrappedValue =
            try decoder.singleValueContainer().decodeNil() ? nil : ExactNumber(from: decoder).wrappedValue
    }

    public func encode(to encoder: any Encoder) throws {
        guard let wrappedValue else {
            var container = encoder.singleValueContainer()
            return try container.encodeNil()
        }
        try ExactNumber(wrappedValue: wrappedValue).encode(to: encoder)
    }
}

// The coding that the compiler makes for a type's members calls these overloads, so that a missing member reads as nil.
extension KeyedDecodingContainer {
    public func decode(_ type: OptionalExactNumber.Type, forKey key: Key) throws -> OptionalExactNumber {
        try decodeIfPresent(type, forKey: key) ?? OptionalExactNumber(wrappedValue: nil)
    }
}

extension KeyedEncodingContainer {
    public mutating func encode(_ value: OptionalExactNumber, forKey key: Key) throws {
        guard let number = value.wrappedValue else { return }
        try encode(ExactNumber(wrappedValue: number), forKey: key)
    }
}
