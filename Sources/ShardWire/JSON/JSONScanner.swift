/// Why bytes are not the JSON document wanted, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public let reason: String
    /// Of the first byte that is wrong, from 0.
    public let offset: Int

    public var description: String { "\(reason) at byte \(offset)" }
}

/// Validates a JSON document (RFC 8259) and finds the members of its top-level object, without building a tree.
///
/// Stands on the path of every write: one pass over the bytes, and no allocation but for the members found.
public struct JSONScanner {
    /// Arrays and objects within one another, at most.
    public static let depthMax = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// A member of the top-level object.
    public struct Member: Hashable, Sendable {
        public let name: String
        /// The bytes of its value, without the white space around it.
        public let value: Range<Int>
    }

    /// The members of a document that is one object. A name that stands twice is in the list twice; the last counts.
    public static func members(of bytes: [UInt8]) throws(JSONError) -> [Member] {
        try run(bytes) { scanner throws(JSONError) in try scanner.topLevelObject() }
    }

    /// Checks that the bytes are one JSON value of any kind.
    public static func validate(_ bytes: [UInt8]) throws(JSONError) {
        try run(bytes) { scanner throws(JSONError) in
            scanner.skipSpace()
            try scanner.value(depth: 0)
            try scanner.end()
        }
    }

    /// The text of a JSON string with its quotes; nil where the bytes are no string. The bytes have been validated.
    public static func string(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count >= 2, bytes.first == 0x22, bytes.last == 0x22 else { return nil }
        let inner = bytes.dropFirst().dropLast()
        guard inner.contains(0x5C) else { return String(decoding: inner, as: UTF8.self) }
        return unescape(inner)
    }

    private static func run<Result>(
        _ bytes: [UInt8], _ body: (inout JSONScanner) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        var outcome: Swift.Result<Result, JSONError>?
        bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            do throws(JSONError) {
                outcome = .success(try body(&scanner))
            } catch {
                outcome = .failure(error)
            }
        }
        guard let outcome else { throw JSONError(reason: "nothing was read", offset: 0) }
        return try outcome.get()
    }

    private func fail(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func end() throws(JSONError) {
        var rest = self
        rest.skipSpace()
        guard rest.position == bytes.count else { throw rest.fail("something follows the JSON document") }
    }

    private mutating func topLevelObject() throws(JSONError) -> [Member] {
        skipSpace()
        guard let first = current else { throw fail("the body is empty") }
        guard first == 0x7B else { throw fail("the body is not a JSON object") }
        var members: [Member] = []
        try object(depth: 1) { name, value in members.append(Member(name: name, value: value)) }
        try end()
        return members
    }

    private mutating func value(depth: Int) throws(JSONError) {
        guard let byte = current else { throw fail("the JSON document ends too early") }
        switch byte {
        case 0x22: try string()
        case 0x7B:
            guard depth < Self.depthMax else { throw fail("more than \(Self.depthMax) levels") }
            try object(depth: depth + 1, onMember: nil)
        case 0x5B:
            guard depth < Self.depthMax else { throw fail("more than \(Self.depthMax) levels") }
            try array(depth: depth + 1)
        case 0x2D, 0x30...0x39: try number()
        case 0x74: try word("true")
        case 0x66: try word("false")
        case 0x6E: try word("null")
        default: throw fail("no JSON value begins with this")
        }
    }

    private mutating func object(depth: Int, onMember: ((String, Range<Int>) -> Void)?) throws(JSONError) {
        position += 1
        skipSpace()
        if current == 0x7D {
            position += 1
            return
        }
        while true {
            guard current == 0x22 else { throw fail("a member's name was expected") }
            let nameStart = position
            try string()
            let nameEnd = position
            skipSpace()
            guard current == 0x3A else { throw fail("a colon was expected") }
            position += 1
            skipSpace()
            let start = position
            try value(depth: depth)
            if let onMember {
                onMember(Self.string(Array(bytes[nameStart..<nameEnd])[...]) ?? "", start..<position)
            }
            skipSpace()
            if current == 0x2C {
                position += 1
                skipSpace()
            } else if current == 0x7D {
                position += 1
                return
            } else {
                throw fail("a comma or the end of the object was expected")
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) {
        position += 1
        skipSpace()
        if current == 0x5D {
            position += 1
            return
        }
        while true {
            try value(depth: depth)
            skipSpace()
            if current == 0x2C {
                position += 1
                skipSpace()
            } else if current == 0x5D {
                position += 1
                return
            } else {
                throw fail("a comma or the end of the array was expected")
            }
        }
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard current == word.utf8Start[index] else { throw fail("\(word) was expected") }
            position += 1
        }
    }

    private mutating func number() throws(JSONError) {
        if current == 0x2D { position += 1 }
        if current == 0x30 { position += 1 } else { try digits() }
        if current == 0x2E {
            position += 1
            try digits()
        }
        if current == 0x65 || current == 0x45 {
            position += 1
            if current == 0x2B || current == 0x2D { position += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw fail("a digit was expected") }
    }

    private mutating func string() throws(JSONError) {
        position += 1
        while let byte = current {
            switch byte {
            case 0x22:
                position += 1
                return
            case 0x5C: try escape()
            case 0..<0x20: throw fail("a control character stands in a string")
            case 0x20..<0x80: position += 1
            default: try multibyte(byte)
            }
        }
        throw fail("a string does not end")
    }

    private mutating func escape() throws(JSONError) {
        position += 1
        guard let byte = current else { throw fail("a string does not end") }
        switch byte {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: position += 1
        case 0x75:
            let unit = try codeUnit()
            if (0xDC00...0xDFFF).contains(unit) { throw fail("a low surrogate stands alone") }
            guard (0xD800...0xDBFF).contains(unit) else { return }
            guard current == 0x5C, position + 1 < bytes.count, bytes[position + 1] == 0x75 else {
                throw fail("a high surrogate stands alone")
            }
            position += 1
            guard (0xDC00...0xDFFF).contains(try codeUnit()) else { throw fail("a high surrogate stands alone") }
        default: throw fail("no such escape")
        }
    }

    /// Reads `uXXXX`.
    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        position += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Self.hexDigit(byte) else {
                throw fail("four hexadecimal digits were expected")
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 0x30...0x39: UInt16(byte - 0x30)
        case 0x41...0x46: UInt16(byte - 0x41 + 10)
        case 0x61...0x66: UInt16(byte - 0x61 + 10)
        default: nil
        }
    }

    /// Reads a UTF-8 sequence of two bytes or more. Source of the bounds: RFC 3629, section 4.
    private mutating func multibyte(_ lead: UInt8) throws(JSONError) {
        let (count, second): (Int, ClosedRange<UInt8>) =
            switch lead {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0...0)
            }
        guard count > 0, position + count <= bytes.count, second.contains(bytes[position + 1]) else {
            throw fail("a string is not UTF-8")
        }
        for index in 2..<max(count, 2) where !(0x80...0xBF).contains(bytes[position + index]) {
            throw fail("a string is not UTF-8")
        }
        position += count
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
                let unit = inner[index..<index + 4].reduce(UInt32(0)) { $0 << 4 | UInt32(hexDigit($1) ?? 0) }
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
