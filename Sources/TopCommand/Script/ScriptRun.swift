import Dashboard
import Foundation
import TerminalUI

/// Carries a script out on a screen.
@MainActor
struct ScriptRun {
    struct Failure: Error, Sendable {
        var line: Int
        var words: String
        /// The screen as it was.
        var screen: String
    }

    /// Between two looks at the screen.
    private static let lookInterval = Duration.milliseconds(15)

    let script: Script
    let screen: ScriptedScreen
    let theme: ThemeName

    /// Returns at the end of the script; throws a ``Failure``, or where the task is cancelled.
    func run() async throws {
        for line in script.lines {
            switch line.step {
            case .press(let keys): for key in keys { screen.press(key) }
            case .type(let text): for character in text { screen.press(.character(character)) }
            case .see(let text, let limit):
                try await wait(line, within: limit, "'\(text)' did not come") { $0.contains(text) }
            case .gone(let text, let limit):
                try await wait(line, within: limit, "'\(text)' did not go") { !$0.contains(text) }
            case .pause(let duration): try await Task.sleep(for: duration)
            case .resize(let size):
                guard screen.isHeadless else {
                    throw failure(line, "a terminal has its own size; resize works with --size alone")
                }
                screen.resize(size)
                try await wait(line, within: .seconds(10), "no frame of \(size.width)x\(size.height) came") { _ in
                    screen.shown?.size == size
                }
            case .save(let path):
                guard let canvas = screen.shown else {
                    throw failure(line, "nothing is shown yet; see something first")
                }
                do {
                    try CanvasFile.write(canvas, theme: theme, to: path, isReplacing: true)
                } catch {
                    throw failure(line, "\(error)")
                }
            }
        }
    }

    private func wait(
        _ line: Script.Line, within limit: Duration, _ words: String, until isSo: (String) -> Bool
    ) async throws {
        let end = ContinuousClock.now + limit
        while !isSo(screen.shown?.text ?? "") {
            guard ContinuousClock.now < end else {
                throw failure(line, "\(words) within \(limit.components.seconds) s")
            }
            try await Task.sleep(for: Self.lookInterval)
        }
    }

    private func failure(_ line: Script.Line, _ words: String) -> Failure {
        Failure(line: line.number, words: words, screen: screen.shown?.text ?? "")
    }
}
