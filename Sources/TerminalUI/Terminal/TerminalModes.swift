#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How the terminal's driver is set up.
struct TerminalModes {
    private var settings: termios

    /// Nil if `descriptor` is no terminal.
    static func current(_ descriptor: Int32) -> TerminalModes? {
        var found = termios()
        return tcgetattr(descriptor, &found) == 0 ? TerminalModes(settings: found) : nil
    }

    /// Puts them into force without waiting for output that the terminal may never take.
    func apply(_ descriptor: Int32) {
        var mine = settings
        tcsetattr(descriptor, TCSANOW, &mine)
    }

    /// The same for a full-screen program: every byte at once and unechoed, none of them changed or taken for flow
    /// control; only the keys that send signals still do.
    var fullScreen: TerminalModes {
        var modes = self
        modes.settings.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR | ISTRIP | IXON)
        modes.settings.c_oflag &= ~tcflag_t(OPOST)
        modes.settings.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | IEXTEN)
        withUnsafeMutableBytes(of: &modes.settings.c_cc) { codes in
            codes[Int(VMIN)] = 1
            codes[Int(VTIME)] = 0
        }
        return modes
    }
}

/// Whether the terminal is this process's to use now, after the shell's job control.
enum TerminalJob {
    /// True if the terminal knows of no jobs.
    static var isInForeground: Bool {
        let group = tcgetpgrp(STDIN_FILENO)
        return group < 0 || group == getpgrp()
    }
}
