import CNcurses

/// The character set that text is written in.
enum TerminalLocale {
    private static let unicode = ["C.UTF-8", "en_US.UTF-8", "UTF-8"]

    /// Sets the process's locale by its environment; true if that writes UTF-8.
    ///
    /// An environment may name a UTF-8 locale that this machine does not have, or none at all on a terminal that surely
    /// understands UTF-8. Then the characters are those of a UTF-8 locale that the machine has.
    static func set(kind: TerminalKind = .current) -> Bool {
        setlocale(LC_ALL, "")
        if isUnicode { return true }
        let variables: [String] = ["LC_ALL", "LC_CTYPE", "LANG"]
        let named = variables.lazy.compactMap { name in getenv(name).map { String(cString: $0) } }.first { !$0.isEmpty }
        guard named.map(isUnicode) ?? kind.isLikeXterm else { return false }
        return unicode.contains { (name: String) in setlocale(LC_CTYPE, name) != nil && isUnicode }
    }

    private static func isUnicode(_ name: String) -> Bool {
        let name = name.uppercased()
        return name.contains("UTF-8") || name.contains("UTF8")
    }

    private static var isUnicode: Bool { nl_langinfo(nl_item(CODESET)).map { isUnicode(String(cString: $0)) } ?? false }
}
