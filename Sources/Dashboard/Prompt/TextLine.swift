import TerminalUI
import Wording

/// A line of text that is typed and pasted into.
///
/// The line holds exactly what was typed: a scalar that comes alone, as a combining mark after its letter or a joiner
/// between two emoji, becomes part of the character before it, and is erased with it.
public struct TextLine: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The limit in bytes of UTF-8; far more than any key, address or command needs.
    public static let bytesMax = 4_096

    public private(set) var text: String
    /// Why the last input is not in the text; nil if it is.
    public var refusal: String? { isMarred ? Self.marredWords : overflow }
    /// True if some of the input was lost: the text is then not what the user meant, until some of it is erased.
    public private(set) var isMarred = false
    /// The refusal of the last input if it did not fit.
    private var overflow: String?

    private static let marredWords =
        "a character did not come as UTF-8: set the terminal to UTF-8; Ctrl-U begins the line anew"

    public init(_ text: String = "") { self.text = text }
    public init(stringLiteral text: String) { self.init(text) }

    public var isEmpty: Bool { text.isEmpty }

    /// Takes a key that edits text; returns false for any other key.
    mutating func take(_ key: KeyEvent) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .backspace: if !text.isEmpty { set(String(text.dropLast())) }
        case .control("u"): set("")
        default: return false
        }
        return true
    }

    /// Takes pasted text, on one line: breaks and tabs inside it become blanks, those at its ends and other controls
    /// are left out. Text that does not fit is refused as a whole, so that nothing is asked for that nobody meant.
    mutating func take(_ paste: Paste) {
        guard paste.bytesDropped == 0 else {
            overflow = Self.words(bytes: paste.text.utf8.count + paste.bytesDropped)
            return
        }
        var words = String.UnicodeScalarView()
        for scalar in paste.text.unicodeScalars {
            if scalar.columns != nil {
                words.append(scalar)
            } else if scalar.properties.isWhitespace, words.last != " " {
                words.append(" ")
            }
        }
        insert(String(words).trimmingBlanks)
    }

    /// Notes that bytes came that are not text.
    mutating func takeUnreadable() { isMarred = true }

    mutating func set(_ text: String) {
        (self.text, overflow, isMarred) = (text, nil, false)
    }

    private mutating func insert(_ more: String) {
        let bytes = text.utf8.count + more.utf8.count
        guard bytes <= Self.bytesMax else {
            overflow = Self.words(bytes: bytes)
            return
        }
        text += more
        overflow = nil
    }

    private static func words(bytes: Int) -> String {
        "that would be \(Figures.bytes(bytes)), and \(Figures.bytes(bytesMax)) fit here: nothing was added"
    }
}

extension String {
    var trimmingBlanks: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
