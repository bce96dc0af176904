/// JSON written by hand, for the bodies of the hot path and those of fixed shape.
public enum JSONWriter {
    /// The JSON string that says `text`.
    public static func string(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        append(text, to: &output)
        return output
    }

    static func append(_ text: String, to output: inout [UInt8]) {
        output.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                output.append(0x5C)
                output.append(byte)
            case 0x0A: output += "\\n".utf8
            case 0x0D: output += "\\r".utf8
            case 0x09: output += "\\t".utf8
            case 0..<0x20:
                output += "\\u00".utf8
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            default:
                output.append(byte)
            }
        }
        output.append(0x22)
    }

    /// The object with these members, each value as it stands, in this order.
    public static func object(_ members: [(String, [UInt8])]) -> [UInt8] {
        var output: [UInt8] = [0x7B]
        for (index, (name, value)) in members.enumerated() {
            if index > 0 { output.append(0x2C) }
            append(name, to: &output)
            output.append(0x3A)
            output += value
        }
        output.append(0x7D)
        return output
    }

    static func array(_ elements: [[UInt8]]) -> [UInt8] {
        [0x5B] + elements.joined(separator: [0x2C]) + [0x5D]
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
