/// An input that was decoded from a terminal's bytes.
enum TerminalInput: Hashable, Sendable {
    /// A character comes a scalar at a time: a mark joins what was typed before it where it is put into text.
    case key(KeyEvent)
    case mouse(MouseEvent)
    case paste(Paste)
    /// The answer to ``TerminalQuestion/background``: 0xRRGGBB.
    case background(UInt32)
    /// The answer to ``TerminalQuestion/attributes``, which every terminal that is asked gives.
    case attributes
    /// Bytes that are no UTF-8.
    case unreadable
}
