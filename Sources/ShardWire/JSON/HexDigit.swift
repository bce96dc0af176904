/// Hexadecimal digits, as JSON's escapes and percent-encoded keys have them.
enum HexDigit {
    /// 0 to 15; nil if the byte is no digit in ASCII, of either case.
    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
