import Dashboard

/// The settings of the user's own file: lines of `key = value`, with `#` before comments. Settings that it leaves out
/// are nil.
struct Config: Equatable, Sendable {
    /// A fault in a line, with what is allowed there.
    struct Problem: Error, Equatable {
        var line: Int
        var words: String
    }

    static let pollMillisecondsAllowed: ClosedRange<UInt64> = 100...60_000

    var theme: ThemeName?
    var isASCII: Bool?
    var hasMouse: Bool?
    var pollMilliseconds: UInt64?
    var isReadOnly: Bool?
    /// Whether view, sort and columns are kept from one start to the next.
    var remembersView: Bool?
    /// Whether the terminal's bell rings when the verdict changes.
    var ringsBell: Bool?
    /// The line of shell to run when the verdict changes.
    var alertCommand: String?
    /// The cluster to talk to.
    var entry: ClusterEntry?

    enum Key: String, CaseIterable {
        case theme, ascii, mouse, poll
        case readOnly = "read-only"
        case addresses
        case remember
        case alertBell = "alert-bell"
        case alertCommand = "alert-command"
    }

    init() {}

    init(parsing text: String) throws(Problem) {
        var seen: [Key: Int] = [:]
        for (index, content) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let number = index + 1
            let line = Self.trimmed(content.prefix { $0 != "#" })
            guard !line.isEmpty else { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
            guard parts.count == 2 else {
                throw Problem(line: number, words: "'\(Self.shown(line))' is not of the form key = value")
            }
            guard let key = Key(rawValue: parts[0]) else {
                throw Problem(line: number, words: Self.unknown(parts[0]))
            }
            if let first = seen.updateValue(number, forKey: key) {
                throw Problem(line: number, words: "'\(key.rawValue)' stands in line \(first) already")
            }
            do { try set(key, parts[1]) } catch {
                throw Problem(line: number, words: "'\(Self.shown(parts[1]))' is no \(key.rawValue): \(error.allowed)")
            }
        }
    }

    private struct Refused: Error {
        var allowed: String
    }

    private mutating func set(_ key: Key, _ value: String) throws(Refused) {
        switch key {
        case .theme:
            guard let name = ThemeName(rawValue: value) else {
                throw Refused(allowed: ThemeName.allCases.map(\.rawValue).joined(separator: ", "))
            }
            theme = name
        case .ascii: isASCII = try Self.answer(value)
        case .mouse: hasMouse = try Self.answer(value)
        case .readOnly: isReadOnly = try Self.answer(value)
        case .remember: remembersView = try Self.answer(value)
        case .alertBell: ringsBell = try Self.answer(value)
        case .alertCommand: alertCommand = value
        case .poll:
            guard let milliseconds = UInt64(value), Self.pollMillisecondsAllowed.contains(milliseconds) else {
                throw Refused(allowed: "\(Self.pollWords) milliseconds")
            }
            pollMilliseconds = milliseconds
        case .addresses:
            do { entry = try ClusterEntry(parsing: value) } catch { throw Refused(allowed: error.description) }
        }
    }

    private static func answer(_ value: String) throws(Refused) -> Bool {
        guard let answer = ["yes": true, "true": true, "no": false, "false": false][value] else {
            throw Refused(allowed: "yes or no")
        }
        return answer
    }

    static let pollWords = "\(pollMillisecondsAllowed.lowerBound) to \(pollMillisecondsAllowed.upperBound)"

    private static func unknown(_ name: String) -> String {
        let keys = Key.allCases.map(\.rawValue)
        let meant = Self.nearest(to: name, of: keys).map { "; did you mean '\($0)'?" } ?? "."
        return "there is no key '\(shown(name))'\(meant) There are \(keys.joined(separator: ", "))"
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = Substring(text)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// The text as it may stand in a message: a file may hold anything.
    private static func shown(_ text: some StringProtocol) -> String {
        let start = text.unicodeScalars.prefix(80).map { $0.properties.generalCategory == .control ? "?" : String($0) }
        return start.joined() + (text.unicodeScalars.count > 80 ? "…" : "")
    }

    /// The word that was meant; nil if none is near. A third of its letters may be wrong.
    static func nearest(to word: String, of words: [String]) -> String? {
        let word = word.lowercased()
        let near = words.map { ($0, distance(word, $0)) }.filter { $0.1 * 3 <= max(word.count, $0.0.count) }
        return near.min { $0.1 < $1.1 }?.0
    }

    /// Letters to change, add or leave out, or neighbours to exchange, to make one word of the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.prefix(100)), Array(right))
        var rows = [Array(0...right.count)]
        for (number, letter) in left.enumerated() {
            var next = [number + 1]
            for (column, other) in right.enumerated() {
                var steps = min(
                    rows[number][column] + (letter == other ? 0 : 1), rows[number][column + 1] + 1, next[column] + 1)
                if number > 0, column > 0, letter == right[column - 1], left[number - 1] == other {
                    steps = min(steps, rows[number - 1][column - 1] + 1)
                }
                next.append(steps)
            }
            rows.append(next)
        }
        return rows[left.count][right.count]
    }
}
