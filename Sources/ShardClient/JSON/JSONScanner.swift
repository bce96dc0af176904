import HostSystem
import ShardWire

/// Walks over JSON text without building anything, and says where its parts lie.
struct JSONScanner {
    /// What is not JSON, and at which byte.
    struct Failure: TellingError {
        let position: Int
        let wanted: String
        var description: String { "not JSON: \(wanted) wanted at byte \(position)" }
    }

    /// Deeper nesting is refused: the scanner calls itself once a level.
    static let depthMax = 256

    let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The range of the one value that the text is.
    mutating func scanDocument() throws(Failure) -> Range<Int> {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw failure("UTF-8") }
        skipSpace()
        let start = position
        try skipValue(depth: 0)
        let end = position
        skipSpace()
        guard position == bytes.count else { throw failure("the end") }
        return start..<end
    }

    /// The members of the object that the text is, each with the exact text of its value. Of a name that comes twice
    /// the last counts, as in most readers.
    static func members(of bytes: [UInt8]) throws(Failure) -> [String: JSONText] {
        var scanner = JSONScanner(bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else { throw scanner.failure("UTF-8") }
        var members: [String: JSONText] = [:]
        scanner.skipSpace()
        try scanner.eat(0x7B, "an object")
        scanner.skipSpace()
        if scanner.peek == 0x7D { return members }
        while true {
            scanner.skipSpace()
            let nameStart = scanner.position
            try scanner.skipString()
            let name = JSONText(unchecked: scanner.bytes[nameStart..<scanner.position]).stringValue ?? ""
            scanner.skipSpace()
            try scanner.eat(0x3A, "a colon")
            scanner.skipSpace()
            let valueStart = scanner.position
            try scanner.skipValue(depth: 1)
            members[name] = JSONText(unchecked: scanner.bytes[valueStart..<scanner.position])
            scanner.skipSpace()
            if scanner.peek == 0x2C {
                scanner.position += 1
            } else {
                try scanner.eat(0x7D, "a comma or the object's end")
                break
            }
        }
        scanner.skipSpace()
        guard scanner.position == bytes.count else { throw scanner.failure("the end") }
        return members
    }

    /// The elements of the list that the text is, each with its exact text.
    static func elements(of bytes: [UInt8]) throws(Failure) -> [JSONText] {
        var scanner = JSONScanner(bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else { throw scanner.failure("UTF-8") }
        var elements: [JSONText] = []
        scanner.skipSpace()
        try scanner.eat(0x5B, "a list")
        scanner.skipSpace()
        if scanner.peek == 0x5D {
            scanner.position += 1
        } else {
            while true {
                scanner.skipSpace()
                let start = scanner.position
                try scanner.skipValue(depth: 1)
                elements.append(JSONText(unchecked: scanner.bytes[start..<scanner.position]))
                scanner.skipSpace()
                if scanner.peek == 0x5D {
                    scanner.position += 1
                    break
                }
                try scanner.eat(0x2C, "a comma or the list's end")
            }
        }
        scanner.skipSpace()
        guard scanner.position == bytes.count else { throw scanner.failure("the end") }
        return elements
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ wanted: String) -> Failure { Failure(position: position, wanted: wanted) }

    private mutating func eat(_ byte: UInt8, _ wanted: String) throws(Failure) {
        guard peek == byte else { throw failure(wanted) }
        position += 1
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func skipValue(depth: Int) throws(Failure) {
        guard depth < Self.depthMax else { throw failure("less nesting") }
        switch peek {
        case 0x22: try skipString()
        case 0x7B: try skipContainer(end: 0x7D, isObject: true, depth: depth)
        case 0x5B: try skipContainer(end: 0x5D, isObject: false, depth: depth)
        case 0x74: try skipWord("true")
        case 0x66: try skipWord("false")
        case 0x6E: try skipWord("null")
        default: try skipNumber()
        }
    }

    private mutating func skipContainer(end: UInt8, isObject: Bool, depth: Int) throws(Failure) {
        position += 1
        skipSpace()
        if peek == end {
            position += 1
            return
        }
        while true {
            skipSpace()
            if isObject {
                try skipString()
                skipSpace()
                try eat(0x3A, "a colon")
                skipSpace()
            }
            try skipValue(depth: depth + 1)
            skipSpace()
            if peek == end {
                position += 1
                return
            }
            try eat(0x2C, "a comma")
        }
    }

    private mutating func skipString() throws(Failure) {
        try eat(0x22, "a string")
        while let byte = peek {
            switch byte {
            case 0x22:
                position += 1
                return
            case 0x5C:
                position += 1
                try skipEscape()
            case 0..<0x20:
                throw failure("an escape for a control character")
            default:
                position += 1
            }
        }
        throw failure("the string's end")
    }

    private mutating func skipEscape() throws(Failure) {
        guard let byte = peek else { throw failure("an escape") }
        position += 1
        if byte == 0x75 {
            for _ in 0..<4 {
                guard let digit = peek, isHexDigit(digit) else { throw failure("four hexadecimal digits") }
                position += 1
            }
        } else if !#""\/bfnrt"#.utf8.contains(byte) {
            throw failure("a known escape")
        }
    }

    private mutating func skipWord(_ word: String) throws(Failure) {
        for byte in word.utf8 { try eat(byte, word) }
    }

    private mutating func skipNumber() throws(Failure) {
        if peek == 0x2D { position += 1 }
        if peek == 0x30 { position += 1 } else { try skipDigits("a value") }
        if peek == 0x2E {
            position += 1
            try skipDigits("a digit")
        }
        if peek == 0x65 || peek == 0x45 {
            position += 1
            if peek == 0x2B || peek == 0x2D { position += 1 }
            try skipDigits("a digit")
        }
    }

    private mutating func skipDigits(_ wanted: String) throws(Failure) {
        guard let first = peek, (0x30...0x39).contains(first) else { throw failure(wanted) }
        while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
    }

    private func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
