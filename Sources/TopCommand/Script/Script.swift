import Dashboard
import TerminalUI

/// Keys to press and texts to wait for: a demonstration that plays itself, or the way to a picture.
struct Script: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case press([KeyEvent])
        case type(String)
        case see(String, within: Duration)
        case gone(String, within: Duration)
        case pause(Duration)
        case resize(Size)
        case save(String)
    }

    struct Line: Sendable, Equatable {
        var number: Int
        var step: Step
    }

    static let bytesMax = 1_000_000
    static let linesMax = 10_000
    private static let waitDefault = Duration.seconds(60)
    private static let waitMax = Duration.seconds(600)
    private static let pauseMax = Duration.seconds(60)

    var lines: [Line]

    struct Problem: Error, Equatable {
        var line: Int
        var words: String
    }

    init(_ text: String) throws(Problem) {
        lines = []
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            guard number <= Self.linesMax else {
                throw Problem(line: number, words: "a script has at most \(Self.linesMax) lines")
            }
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            guard let command = words.first, !command.hasPrefix("#") else { continue }
            let rest = line[command.endIndex...].trimming { $0 == " " || $0 == "\t" || $0 == "\r" }
            lines.append(Line(number: number, step: try Self.step(command, rest, number)))
        }
    }

    private static func step(_ command: Substring, _ rest: Substring, _ number: Int) throws(Problem) -> Step {
        func wrong(_ words: String) -> Problem { Problem(line: number, words: words) }
        switch command {
        case "press":
            var keys: [KeyEvent] = []
            for name in rest.split(separator: " ") {
                guard let key = KeyNames.key(name) else {
                    throw wrong("there is no key '\(name)'; it is one character or one of \(KeyNames.words)")
                }
                keys.append(key)
            }
            guard !keys.isEmpty else { throw wrong("press what? for example: press Tab Enter") }
            return .press(keys)
        case "type":
            guard !rest.isEmpty else { throw wrong("type what? for example: type key-42") }
            return .type(String(rest))
        case "see", "gone":
            guard let (text, limit) = quoted(rest) else {
                throw wrong(#"it is: \#(command) "TEXT", or: \#(command) "TEXT" within 30s"#)
            }
            return command == "see" ? .see(text, within: limit) : .gone(text, within: limit)
        case "pause":
            guard let duration = duration(rest), duration <= pauseMax else {
                throw wrong("it is: pause 2s, at most 60s")
            }
            return .pause(duration)
        case "resize":
            guard let size = size(rest) else { throw wrong("it is: resize 80x24, up to 1000x1000") }
            return .resize(size)
        case "save":
            do {
                try CanvasFile.check(String(rest))
            } catch {
                throw wrong("\(error)")
            }
            return .save(String(rest))
        default:
            throw wrong("there is no command '\(command)'; there are press, type, see, gone, pause, resize and save")
        }
    }

    /// A text in quotes, and how long to wait for it.
    private static func quoted(_ text: Substring) -> (String, Duration)? {
        guard text.first == "\"", let end = text.dropFirst().lastIndex(of: "\"") else { return nil }
        let inside = text[text.index(after: text.startIndex)..<end]
        let words = text[text.index(after: end)...].split(separator: " ")
        guard !inside.isEmpty else { return nil }
        if words.isEmpty { return (String(inside), waitDefault) }
        guard words.count == 2, words[0] == "within", let limit = duration(words[1]), limit <= waitMax else {
            return nil
        }
        return (String(inside), limit)
    }

    /// `2s` or `250ms`
    private static func duration(_ text: Substring) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...6).contains(digits.count), let number = Int(digits) else { return nil }
        switch text.dropFirst(digits.count) {
        case "s": return .seconds(number)
        case "ms": return .milliseconds(number)
        default: return nil
        }
    }

    /// `120x35`
    static func size(_ text: some StringProtocol) -> Size? {
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1], (1...1_000).contains(width),
            (1...1_000).contains(height)
        else { return nil }
        return Size(width: width, height: height)
    }
}

extension Substring {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> Substring {
        var text = self
        while let first = text.first, isBlank(first) { text.removeFirst() }
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
