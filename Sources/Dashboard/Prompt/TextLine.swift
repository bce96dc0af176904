import TerminalUI
import Wording

/// A line of text that is typed and pasted into.
///
/// What was typed is what it holds: a scalar that comes alone, as a mark after its letter or a joiner between two
/// pictures, becomes part of the character before it, and is erased with it.
public struct TextLine: Hashable, Sendable, ExpressibleByStringLiteral {
    /// Of UTF-8; far more than any key, address or command needs.
    public static let bytesMax = 4_096

    public private(set) var text: String
    /// Why the last of what was typed or pasted is not in it.
    public var refusal: String? { isMarred ? Self.marredWords : overflow }
    /// True where something of what was typed is lost: then it is not what was meant, until some of it is erased.
    public private(set) var isMarred = false
    /// What did not fit just now.
    private var overflow: String?

    private static let marredWords =
        "a character did not come as UTF-8: set the terminal to UTF-8; Ctrl-U begins the line anew"

    public init(_ text: String = "") { self.text = text }
    public init(stringLiteral text: String) { self.init(text) }

    public var isEmpty: Bool { text.isEmpty }

    /// Takes a key that has to do with text; false for another key.
    mutating func take(_ key: KeyEvent) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .backspace: if !text.isEmpty { set(String(text.dropLast())) }
        case .control("u"): set("")
        default: return false
        }
        return true
    }

    /// Takes what was pasted, on one line: breaks and tabs inside it become blanks, those at its ends and other controls
    /// are left out. What does not fit is refused whole, so that nothing is asked that nobody meant.
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

    /// Says that bytes came which are no text.
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
