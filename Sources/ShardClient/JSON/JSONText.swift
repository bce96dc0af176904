/// The text of one JSON value, kept to the byte: numbers keep their digits, objects the order of their members.
///
/// Values and causal metadata of other implementations pass through a client in this form, because any reading and
/// writing anew could change them.
public struct JSONText: Hashable, Sendable, CustomStringConvertible {
    /// UTF-8, without white space before and after.
    public let bytes: [UInt8]

    init(unchecked bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Nil where `text` is not one JSON value with at most white space around it.
    public init?(_ text: String) {
        var scanner = JSONScanner(Array(text.utf8))
        guard let range = try? scanner.scanDocument() else { return nil }
        bytes = Array(scanner.bytes[range])
    }

    /// The JSON string that says `text`.
    public static func string(_ text: String) -> JSONText {
        var bytes: [UInt8] = [0x22]
        bytes.reserveCapacity(text.utf8.count + 2)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x0A: bytes += Array(#"\n"#.utf8)
            case 0x0D: bytes += Array(#"\r"#.utf8)
            case 0x09: bytes += Array(#"\t"#.utf8)
            case 0..<0x20: bytes += Array(#"\u00"#.utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)]
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
        return JSONText(unchecked: bytes)
    }

    public static let null = JSONText(unchecked: "null".utf8)
    static let emptyObject = JSONText(unchecked: "{}".utf8)

    /// The bytes of an object with these members, in this order.
    static func object(_ members: [(String, JSONText)]) -> [UInt8] {
        var bytes: [UInt8] = [0x7B]
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes += string(member.0).bytes
            bytes.append(0x3A)
            bytes += member.1.bytes
        }
        bytes.append(0x7D)
        return bytes
    }

    public var description: String { String(decoding: bytes, as: UTF8.self) }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
