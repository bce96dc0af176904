/// The bytes that each key sends: by the terminal's description, and as nearly all terminals do whatever that says.
struct KeySequences {
    private let named: [[UInt8]: KeyEvent]
    private let longest: Int

    /// - Parameter named: sequences of the terminal's description.
    init(named: [[UInt8]: KeyEvent] = [:]) {
        // One byte is a character: what a description calls the left arrow may be the erase key's.
        self.named = named.filter { $0.key.count > 1 && $0.key.first == 0x1B }
        longest = self.named.keys.map(\.count).max() ?? 0
    }

    func longest(in bytes: ArraySlice<UInt8>) -> (Int, KeyEvent)? {
        guard longest > 1 else { return nil }
        for count in stride(from: min(longest, bytes.count), to: 1, by: -1) {
            if let key = named[Array(bytes.prefix(count))] { return (count, key) }
        }
        return nil
    }

    func isBeginning(_ bytes: ArraySlice<UInt8>) -> Bool { named.keys.contains { $0.starts(with: bytes) } }

    /// `ESC [`, parameters and a letter; what was held down beside the key is left out.
    static func key(_ parameters: String, _ final: UInt8) -> KeyEvent? {
        let first = parameters.prefix { $0 != ";" }
        switch final {
        case UInt8(ascii: "~"): return Int(first).flatMap { numbered[$0] }
        case UInt8(ascii: "Z"): return .backTab
        // The cursor's place is told in the same form.
        case UInt8(ascii: "P"), UInt8(ascii: "Q"), UInt8(ascii: "S"):
            return first == "1" ? key(afterSingleShift: final) : nil
        default: return arrows[final]
        }
    }

    static func key(afterSingleShift final: UInt8) -> KeyEvent? {
        switch final {
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final - UInt8(ascii: "P")) + 1)
        case UInt8(ascii: "M"): .enter
        default: arrows[final]
        }
    }

    static func key(ofLinuxConsole final: UInt8) -> KeyEvent? {
        (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final) ? .function(Int(final - UInt8(ascii: "A")) + 1) : nil
    }

    private static let arrows: [UInt8: KeyEvent] = [
        UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left,
        UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    ]

    private static let numbered: [Int: KeyEvent] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
        11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5), 17: .function(6),
        18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10), 23: .function(11), 24: .function(12),
    ]
}

extension KeyEvent {
    /// A byte below 0x80 that is no beginning of a sequence. Nil for those that no key here sends.
    init?(byte: UInt8) {
        switch byte {
        case 0x09: self = .tab
        case 0x0A, 0x0D: self = .enter
        case 0x1B: self = .escape
        case 0x08, 0x7F: self = .backspace
        case 0x01...0x1A: self = .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x20...0x7E: self = .character(Character(Unicode.Scalar(byte)))
        default: return nil
        }
    }
}

extension MouseEvent {
    /// `button;column;row`, as xterm's mode 1006 reports it.
    init?(report: some StringProtocol, isPress: Bool) {
        let numbers = report.split(separator: ";").map { Int($0) }
        guard isPress, numbers.count == 3, let button = numbers[0], let column = numbers[1], let row = numbers[2] else {
            return nil
        }
        self.init(button: button, column: column, row: row)
    }

    /// Three bytes, each 32 more than its number.
    init?(oldReport bytes: [UInt8]) {
        guard bytes.count == 3, bytes.allSatisfy({ $0 >= 32 }) else { return nil }
        self.init(button: Int(bytes[0]) - 32, column: Int(bytes[1]) - 32, row: Int(bytes[2]) - 32)
    }

    /// A press counts at once: waiting for a release would hold the keys back.
    private init?(button: Int, column: Int, row: Int) {
        guard (1...10_000).contains(column), (1...10_000).contains(row) else { return nil }
        // 4, 8 and 16 are keys held down with it; 32 is a movement.
        switch button & ~28 {
        case 0: self.init(.click, x: column - 1, y: row - 1)
        case 64: self.init(.wheelUp, x: column - 1, y: row - 1)
        case 65: self.init(.wheelDown, x: column - 1, y: row - 1)
        default: return nil
        }
    }
}
