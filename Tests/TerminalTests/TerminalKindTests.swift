import Foundation
import Testing

/// The short form of scripts/terminals: kinds of terminals and of locales.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TerminalKindTests {
    static let kinds = ["linux", "vt100", "xterm", "xterm-256color", "screen", "tmux"]

    @Test(arguments: ["LC_ALL=C", "LC_ALL=C.UTF-8", "LC_ALL="])
    func everyKindOfTerminalShowsTheDashboard(locale: String) async throws {
        let program = try TerminalSession.program("shardtop")
        let script = Self.kinds.map {
            "clear; env -u LANG \(locale) TERM=\($0) '\(program)' watch 127.0.0.1:1; echo \($0) ended $?; read next"
        }
        try await TerminalSession.with(script: script.joined(separator: "\n"), width: 80, height: 24) { terminal in
            for kind in Self.kinds {
                let screen = try await terminal.see("q quit")
                #expect(!screen.contains("]11;?") && !screen.contains("2004h"), "no question is shown as text")
                try await terminal.press("q")
                try await terminal.see("\(kind) ended 0")
                try await terminal.press("Enter")
            }
        }
    }

    @Test func oneThatCannotShowItIsToldBeforeNodesStart() async throws {
        let program = try TerminalSession.program("shardtop")
        let script = ["dumb", "no-such-terminal", ""].map { "TERM=\($0) '\(program)' demo; echo \"'\($0)' ended $?\"" }
        try await TerminalSession.with(script: script.joined(separator: "\n"), width: 120, height: 24) { terminal in
            let screen = try await terminal.see("'' ended 64")
            #expect(screen.contains("'dumb' ended 64") && screen.contains("'no-such-terminal' ended 64"))
            #expect(screen.matches(of: /TERM=xterm-256color/).count == 3, "it says what to set")
            #expect(!screen.contains("on ports"))
        }
    }
}
