/// A key that was pressed, as far as terminals tell one from another.
public enum KeyEvent: Hashable, Sendable {
    /// A printable character, the blank included.
    case character(Character)
    /// A letter together with the control key, in lower case.
    case control(Character)
    case up, down, left, right
    case home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, delete, insert
    /// F1 and on.
    case function(Int)
}
