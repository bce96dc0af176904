import CNcurses

/// Strings of the terminal's description.
@MainActor
enum Capability {
    /// Without the padding that only a hardware terminal needs; empty if the terminal has none.
    static func text(_ name: String) -> String {
        guard let found = tigetstr(name), Int(bitPattern: found) != -1 else { return "" }
        var text = String(cString: found)
        while let start = text.firstIndex(of: "$"), text[start...].hasPrefix("$<"),
            let end = text[start...].firstIndex(of: ">")
        {
            text.removeSubrange(start...end)
        }
        return text
    }

    /// The string that brings the shell's screen back, with the private modes turned off.
    static func farewell(_ modes: [Int]) -> String {
        modes.map { "\u{1B}[?\($0)l" }.joined() + ["sgr0", "cnorm", "rmkx", "rmcup"].map(text).joined()
    }

    /// The keys by the sequences that they send.
    static func keys() -> [[UInt8]: KeyEvent] {
        var names: [(String, KeyEvent)] = [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
            ("kpp", .pageUp), ("knp", .pageDown), ("kent", .enter), ("kcbt", .backTab), ("kbs", .backspace),
            ("kdch1", .delete), ("kich1", .insert),
        ]
        names += (1...24).map { ("kf\($0)", .function($0)) }
        return Dictionary(names.map { (Array(text($0.0).utf8), $0.1) }) { first, _ in first }
    }
}
