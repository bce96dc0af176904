#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How the terminal's driver is set up.
struct TerminalSettings {
    private var settings: termios

    /// Those of standard output; nil where it is no terminal.
    static func current() -> TerminalSettings? {
        var found = termios()
        return tcgetattr(STDOUT_FILENO, &found) == 0 ? TerminalSettings(settings: found) : nil
    }

    /// Puts these settings into force for the time of `body`.
    func whileInForce(_ body: () -> Void) {
        var others = termios()
        guard tcgetattr(STDOUT_FILENO, &others) == 0 else { return }
        var mine = settings
        tcsetattr(STDOUT_FILENO, TCSANOW, &mine)
        body()
        tcsetattr(STDOUT_FILENO, TCSANOW, &others)
    }
}
