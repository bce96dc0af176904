/// The texts of JSON strings that have been validated.
extension JSONScanner {
    /// The text of a JSON string with its quotes; nil if the bytes are no string. The bytes have been validated.
    public static func string(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count >= 2, bytes.first == 0x22, bytes.last == 0x22 else { return nil }
        return text(bytes.dropFirst().dropLast())
    }

    /// The same of what stands between the quotes.
    static func text(_ inner: some Collection<UInt8>) -> String? {
        guard inner.contains(0x5C) else { return String(decoding: inner, as: UTF8.self) }
        return unescape(Array(inner)[...])
    }

    /// The text of a validated string that holds escapes.
    private static func unescape(_ inner: ArraySlice<UInt8>) -> String? {
        var units: [UInt8] = []
        var index = inner.startIndex
        var high: UInt32?
        while index < inner.endIndex {
            guard inner[index] == 0x5C else {
                units.append(inner[index])
                index += 1
                continue
            }
            guard index + 1 < inner.endIndex else { return nil }
            let kind = inner[index + 1]
            index += 2
            switch kind {
            case 0x62: units.append(0x08)
            case 0x66: units.append(0x0C)
            case 0x6E: units.append(0x0A)
            case 0x72: units.append(0x0D)
            case 0x74: units.append(0x09)
            case 0x75:
                guard index + 4 <= inner.endIndex else { return nil }
                let unit = inner[index..<index + 4].reduce(UInt32(0)) { $0 << 4 | UInt32(HexDigit.value($1) ?? 0) }
                index += 4
                if (0xD800...0xDBFF).contains(unit) {
                    high = unit
                    continue
                }
                let code = high.map { 0x10000 + ($0 - 0xD800) << 10 + (unit - 0xDC00) } ?? unit
                high = nil
                guard let scalar = Unicode.Scalar(code) else { return nil }
                units += Array(String(Character(scalar)).utf8)
            default: units.append(kind)
            }
        }
        return String(decoding: units, as: UTF8.self)
    }
}
