import CNcurses
import Synchronization

/// A kind of terminal, as `TERM` names it.
public struct TerminalKind: Hashable, Sendable {
    public let name: String

    public init(_ name: String) { self.name = name }

    /// This process's, by its environment.
    public static var current: TerminalKind { TerminalKind(getenv("TERM").map { String(cString: $0) } ?? "") }

    /// The name that most terminals understand.
    public static let usual = "xterm-256color"

    /// Why the dashboard cannot be shown on it, and what to do; nil if it can.
    public var problem: String? {
        guard !name.isEmpty else { return "TERM is not set; set it, for example TERM=\(Self.usual)" }
        let knowledge = Self.library.withLock { _ in shim_knows(name) }
        if knowledge > 0 { return nil }
        return knowledge == 0
            ? "TERM is '\(shown)': such a terminal cannot place text; set TERM, for example TERM=\(Self.usual)"
            : "TERM is '\(shown)', of which nothing is known here; set TERM=\(Self.usual), which most terminals understand"
    }

    /// A name may hold anything.
    private var shown: String { String(name.map { $0.cell?.character ?? "?" }).truncated(to: 40) }

    /// ncurses keeps what it found in variables of the process.
    private static let library = Mutex(())

    /// True for those that understand what xterm does: that answer questions, tell a paste from keys, and ignore what they
    /// do not know. The others may show it as text.
    public var isLikeXterm: Bool {
        let families = [
            "xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "kitty", "konsole", "gnome", "vte", "iterm",
            "mintty",
            "putty", "wezterm", "contour", "ghostty", "st-", "mlterm",
        ]
        return families.contains { name.lowercased().hasPrefix($0) }
    }
}
