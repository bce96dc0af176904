/// The name that a node gives itself when it is first started: 40 hexadecimal digits, kept in 20 bytes.
public struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Nil for what is not 40 hexadecimal digits in lower case.
    public init?(_ text: some StringProtocol) { self.init(utf8: text.utf8) }

    init?(utf8 text: some Collection<UInt8>) {
        guard text.count == 40 else { return nil }
        var digits = (UInt64(0), UInt64(0), UInt32(0))
        for (place, byte) in text.enumerated() {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            switch place {
            case 0..<16: digits.0 = digits.0 << 4 | UInt64(digit)
            case 16..<32: digits.1 = digits.1 << 4 | UInt64(digit)
            default: digits.2 = digits.2 << 4 | UInt32(digit)
            }
        }
        (high, middle, low) = digits
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 40) { text in
            for place in 0..<40 {
                let word = place < 16 ? high : place < 32 ? middle : UInt64(low) << 32
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (place & 15))) & 15
                text[place] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            }
            return 40
        }
    }

    /// Servers make them up at random, so that any part of one tells it from the others.
    public func hash(into hasher: inout Hasher) { hasher.combine(high ^ middle ^ UInt64(low)) }

    /// The first eight digits, for people.
    public var short: String { String(description.prefix(8)) }

    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }
}
