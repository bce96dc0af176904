import TerminalUI

/// Keys by the names that are printed on them.
enum KeyNames {
    private static let named: [(name: String, key: KeyEvent)] = [
        ("Enter", .enter), ("Escape", .escape), ("Tab", .tab), ("BackTab", .backTab), ("Space", .character(" ")),
        ("Backspace", .backspace), ("Delete", .delete), ("Up", .up), ("Down", .down), ("Left", .left),
        ("Right", .right), ("PageUp", .pageUp), ("PageDown", .pageDown), ("Home", .home), ("End", .end),
    ]

    static let words = (named.map(\.name) + ["F1 to F12", "Ctrl-a to Ctrl-z"]).joined(separator: ", ")

    static func key(_ name: Substring) -> KeyEvent? {
        if let found = named.first(where: { $0.name == name }) { return found.key }
        if name.count == 1, let character = name.first { return .character(character) }
        if name.hasPrefix("F"), let number = Int(name.dropFirst()), (1...12).contains(number) {
            return .function(number)
        }
        if name.hasPrefix("Ctrl-"), name.count == 6, let letter = name.last, ("a"..."z").contains(letter) {
            return .control(letter)
        }
        return nil
    }
}
