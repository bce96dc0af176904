import Foundation

/// A line typed on the terminal that is not shown.
///
/// `getpass` leaves Ctrl-C to the signal, which this program catches: it would go on asking.
enum HiddenLine {
    case line(String)
    /// Ctrl-C, or the end of the input.
    case interrupted

    private static let bytesMax = 4_096
    /// Ctrl-C, in ASCII.
    private static let interrupt: UInt8 = 0x03

    /// Nil where the terminal cannot be set.
    static func read(prompt: String, from terminal: Int32 = STDIN_FILENO) -> HiddenLine? {
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { return nil }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        // Else Ctrl-C would be only one more character of the line, and wait for its end.
        withUnsafeMutableBytes(of: &hidden.c_cc) { $0[Int(VEOL)] = interrupt }
        guard tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer {
            _ = tcsetattr(terminal, TCSAFLUSH, &before)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        FileHandle.standardError.write(Data(prompt.utf8))
        var typed: [UInt8] = []
        var byte: UInt8 = 0
        while Foundation.read(terminal, &byte, 1) == 1 {
            if byte == 0x0A { return .line(String(decoding: typed, as: UTF8.self)) }
            if byte == interrupt || typed.count == bytesMax { return .interrupted }
            typed.append(byte)
        }
        return .interrupted
    }
}
