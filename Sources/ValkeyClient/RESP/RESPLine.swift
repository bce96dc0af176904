/// The kinds of lists.
enum RESPListKind: Equatable {
    case array, map, set, push, attribute

    init?(type: UInt8) {
        switch type {
        case UInt8(ascii: "*"): self = .array
        case UInt8(ascii: "%"): self = .map
        case UInt8(ascii: "~"): self = .set
        case UInt8(ascii: ">"): self = .push
        case UInt8(ascii: "|"): self = .attribute
        default: return nil
        }
    }

    var elementsPerCount: Int { self == .map || self == .attribute ? 2 : 1 }
}

/// The reading of one line of a reply.
enum RESPLine {
    /// Type, sign, digits of 64 bits and the end of the line, with room for a double in words.
    static let headerBytesMax = 32

    static func mayBegin(_ type: UInt8) -> Bool { "+-:$*_,#!=(%~>|;.".utf8.contains(type) }

    /// Lines of a fixed size at most. The others are texts.
    static func isShort(_ type: UInt8) -> Bool { !"+-(,".utf8.contains(type) }

    /// The length of a text or a list; nil for RESP2's null.
    static func count(_ line: ArraySlice<UInt8>, of what: String) throws(RESPFault) -> Int? {
        if line.elementsEqual("-1".utf8) { return nil }
        if line.elementsEqual("?".utf8) { throw .notSupported("a streamed \(what), which is not supported") }
        guard let first = line.first, first != UInt8(ascii: "+"), let count = integer(line), count >= 0 else {
            throw .malformed("the length of a \(what) is no number")
        }
        guard count <= Int64(Int32.max) else { throw .tooLarge("a \(what) of length \(count)") }
        return Int(count)
    }

    static func integer(_ line: ArraySlice<UInt8>) -> Int64? {
        let isNegative = line.first == UInt8(ascii: "-")
        let digits = isNegative || line.first == UInt8(ascii: "+") ? line.dropFirst() : line
        guard !digits.isEmpty else { return nil }
        var number: Int64 = 0
        for byte in digits {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (tens, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - 0x30)
            let (sum, tooLargeToo) = tens.addingReportingOverflow(isNegative ? -digit : digit)
            guard !tooLarge, !tooLargeToo else { return nil }
            number = sum
        }
        return number
    }

    /// The value of a line that is one by itself.
    static func value(type: UInt8, line: ArraySlice<UInt8>) throws(RESPFault) -> RESPValue {
        switch type {
        case UInt8(ascii: "+"): return .simple(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: "-"): return .error(RESPError(String(decoding: line, as: UTF8.self)))
        case UInt8(ascii: ":"):
            guard let number = integer(line) else { throw .malformed("an integer that is none") }
            return .integer(number)
        case UInt8(ascii: "_"):
            guard line.isEmpty else { throw .malformed("a null with bytes in it") }
            return .null
        case UInt8(ascii: "#"):
            if line.elementsEqual("t".utf8) { return .boolean(true) }
            if line.elementsEqual("f".utf8) { return .boolean(false) }
            throw .malformed("a truth value that is neither t nor f")
        case UInt8(ascii: ","): return .double(try double(line))
        case UInt8(ascii: "("):
            let digits = line.first == UInt8(ascii: "-") ? line.dropFirst() : line
            guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw .malformed("a big number that is none")
            }
            return .bigNumber(String(decoding: line, as: UTF8.self))
        default: throw .notSupported("a piece of a streamed reply, which is not supported")
        }
    }

    private static func double(_ line: ArraySlice<UInt8>) throws(RESPFault) -> Double {
        // Swift reads "infinity" and hexadecimal too; the protocol knows neither.
        let isPlain = line.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        let text = String(decoding: line.prefix(64), as: UTF8.self)
        guard line.count <= 64, isPlain || ["inf", "-inf", "nan", "-nan"].contains(text), let number = Double(text)
        else { throw .malformed("a number that is none") }
        return number
    }

    /// The value of a text whose length was told.
    static func text(type: UInt8, _ text: [UInt8]) throws(RESPFault) -> RESPValue {
        switch type {
        case UInt8(ascii: "$"): return .bulk(text)
        case UInt8(ascii: "!"): return .error(RESPError(String(decoding: text, as: UTF8.self)))
        default:
            guard text.count >= 4, text[3] == UInt8(ascii: ":") else {
                throw .malformed("a verbatim text without its format")
            }
            return .verbatim(format: String(decoding: text[..<3], as: UTF8.self), bytes: Array(text[4...]))
        }
    }
}
