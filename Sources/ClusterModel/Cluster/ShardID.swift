/// A shard's id as its nodes write it: a number, as ours do, or a text of their own choosing.
///
/// Two ids are the same where they read the same, whichever of the two forms each was written in: there are nodes that
/// list their ids as numbers and tell their own as a text. The form is kept to send an id back as it came.
public struct ShardID: Sendable {
    /// Longer ids are not taken.
    public static let bytesMax = 256

    /// As the node wrote it, without the quotation marks of a text; never empty.
    public let text: String
    /// True if it came as a JSON number.
    public let isNumber: Bool

    /// The id of a shard of ours.
    public init(_ number: Int) {
        text = String(number)
        isNumber = true
    }

    /// Nil for what no node would take in a path: nothing at all, or more than ``bytesMax``.
    ///
    /// - Parameter isNumber: came it as a number? One that is no whole number in its usual form counts as a text.
    public init?(text: String, isNumber: Bool = false) {
        guard !text.isEmpty, text.utf8.count <= Self.bytesMax else { return nil }
        self.text = text
        self.isNumber = isNumber && Int(text).map(String.init) == text
    }

    /// The whole number that it reads as, in either form; nil for any other text.
    public var number: Int? { Int(text) }
}

extension ShardID: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension ShardID: Comparable {
    /// Numbers by value, before texts; of texts the digits in them by value too, so that "s2" is before "s10".
    public static func < (left: Self, right: Self) -> Bool {
        switch (left.number, right.number) {
        case (let first?, let second?) where first != second: first < second
        case (nil, _?): false
        case (_?, nil): true
        default: left.text.isNaturallyBefore(right.text)
        }
    }
}

extension ShardID: CustomStringConvertible {
    /// For people: control characters, which would act on a terminal, are shown as a sign for what is unknown.
    public var description: String { text.withoutControls }
}

extension ShardID: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self.init(value) }
}

extension ShardID: Codable {
    /// Either form; a recording of version 1 has numbers alone.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self.init(number)
            return
        }
        guard let id = ShardID(text: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a shard's id has 1 to \(Self.bytesMax) bytes")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if isNumber, let number { try container.encode(number) } else { try container.encode(text) }
    }
}

extension String {
    /// Runs of digits compare by value, all else by character; of two that compare alike, by their bytes.
    fileprivate func isNaturallyBefore(_ other: String) -> Bool {
        var (left, right) = (self[...], other[...])
        while let first = left.first, let second = right.first {
            let (digits, others) = (left.prefix { $0.isDecimal }, right.prefix { $0.isDecimal })
            if !digits.isEmpty, !others.isEmpty {
                let (value, otherValue) = (digits.drop { $0 == "0" }, others.drop { $0 == "0" })
                if value.count != otherValue.count { return value.count < otherValue.count }
                if value != otherValue { return value < otherValue }
                (left, right) = (left.dropFirst(digits.count), right.dropFirst(others.count))
            } else {
                if first != second { return first < second }
                (left, right) = (left.dropFirst(), right.dropFirst())
            }
        }
        if left.isEmpty != right.isEmpty { return left.isEmpty }
        return self < other
    }
}

extension Character {
    fileprivate var isDecimal: Bool { ("0"..."9").contains(self) }
}
