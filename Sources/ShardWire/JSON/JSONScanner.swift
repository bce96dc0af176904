import HostSystem

/// Why bytes are not the JSON document wanted, and where.
public struct JSONError: TellingError, Hashable, Sendable {
    public let reason: String
    /// Of the first byte that is wrong, from 0.
    public let offset: Int

    public var description: String { "\(reason) at byte \(offset)" }
}

/// Validates a JSON document (RFC 8259) and finds the parts of what stands at its top, without building a tree.
///
/// Stands on the path of every write: one pass over the bytes, and no allocation but for the parts found. It is also what
/// a client reads answers of any node with.
public struct JSONScanner {
    /// Arrays and objects within one another, at most.
    public static let depthMax = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// The members of the top-level object, as far as they were found.
    private var members: [Member] = []
    /// The elements of the top-level array likewise.
    private var elements: [Range<Int>] = []

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

    /// The bytes of each element of a document that is one array, without the white space around it.
    public static func elements(of bytes: [UInt8]) throws(JSONError) -> [Range<Int>] {
        try run(bytes) { scanner throws(JSONError) in
            scanner.skipSpace()
            guard scanner.current == 0x5B else { throw scanner.fail("the document is not a JSON array") }
            try scanner.array(depth: 1, isTopLevel: true)
            try scanner.end()
            return scanner.elements
        }
    }

    /// The bytes of a document that is one JSON value of any kind, without the white space around it.
    public static func value(of bytes: [UInt8]) throws(JSONError) -> Range<Int> {
        try run(bytes) { scanner throws(JSONError) in
            scanner.skipSpace()
            let start = scanner.position
            try scanner.value(depth: 0)
            let end = scanner.position
            try scanner.end()
            return start..<end
        }
    }

    /// The text of a validated string in the document.
    private func name(_ range: Range<Int>) -> String {
        Self.text(UnsafeBufferPointer(rebasing: bytes[range.lowerBound + 1..<range.upperBound - 1])) ?? ""
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
        members.reserveCapacity(2)
        try object(depth: 1, isTopLevel: true)
        try end()
        return members
    }

    private mutating func value(depth: Int) throws(JSONError) {
        guard let byte = current else { throw fail("the JSON document ends too early") }
        switch byte {
        case 0x22: try string()
        case 0x7B:
            guard depth < Self.depthMax else { throw fail("more than \(Self.depthMax) levels") }
            try object(depth: depth + 1)
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

    private mutating func object(depth: Int, isTopLevel: Bool = false) throws(JSONError) {
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
            if isTopLevel { members.append(Member(name: name(nameStart..<nameEnd), value: start..<position)) }
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

    private mutating func array(depth: Int, isTopLevel: Bool = false) throws(JSONError) {
        position += 1
        skipSpace()
        if current == 0x5D {
            position += 1
            return
        }
        while true {
            let start = position
            try value(depth: depth)
            if isTopLevel { elements.append(start..<position) }
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
        while true {
            skipPlain()
            guard let byte = current else { break }
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

    /// Passes over bytes that stand for themselves, eight at a time, as long as all eight do.
    private mutating func skipPlain() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones << 7
        while position + 8 <= bytes.count {
            let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // A top bit is left where a byte is below a space, a quote, a backslash, or beyond ASCII. It may be left too
            // many times, but only above such a byte.
            let found = (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones) | word
            guard found & tops == 0 else { return }
            position += 8
        }
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
            guard let byte = current, let digit = HexDigit.value(byte) else {
                throw fail("four hexadecimal digits were expected")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
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
}
