import Foundation

/// A line typed on the terminal, in answer to a question.
///
/// `getpass` and `readLine` leave Ctrl-C to the signal, which this program catches: they would go on asking.
enum TypedLine {
    case line(String)
    /// By Ctrl-C, or because it is far too long.
    case interrupted
    /// The end of the input.
    case ended

    private static let bytesMax = 4_096
    /// Ctrl-C, in ASCII.
    private static let interrupt: UInt8 = 0x03

    /// Nil if the terminal cannot be set.
    ///
    /// - Parameter isHidden: whether the terminal shows nothing of what is typed.
    static func read(prompt: String, isHidden: Bool) -> TypedLine? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var asking = before
        asking.c_lflag &= ~tcflag_t(ISIG | (isHidden ? ECHO : 0))
        // Else Ctrl-C would be only one more character of the line, and wait for its end.
        withUnsafeMutableBytes(of: &asking.c_cc) { $0[Int(VEOL)] = interrupt }
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &asking) == 0 else { return nil }
        Output.errorText(prompt)
        let typed = read()
        _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        // Of a line that is shown the terminal has shown the end too.
        if case .line = typed, !isHidden { return typed }
        Output.errorText("\n")
        return typed
    }

    private static func read() -> TypedLine {
        var typed: [UInt8] = []
        var byte: UInt8 = 0
        while Foundation.read(STDIN_FILENO, &byte, 1) == 1 {
            if byte == 0x0A { return .line(String(decoding: typed, as: UTF8.self)) }
            if byte == interrupt || typed.count == bytesMax { return .interrupted }
            typed.append(byte)
        }
        return .ended
    }
}
