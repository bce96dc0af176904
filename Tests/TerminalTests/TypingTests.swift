import Foundation
import Testing

/// What is typed and pasted into the real program.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TypingTests {
    private func watch(
        _ environment: String = "", _ body: (TerminalSession) async throws -> Void
    ) async throws {
        let nodes = try NodeProcesses(count: 2, shardCount: 1)
        let program = try TerminalSession.program("shardtop")
        let script = "\(environment) '\(program)' watch 127.0.0.1:\(nodes.ports[0]); echo watch ended $?"
        try await TerminalSession.with(script: script, width: 80, height: 24) { terminal in
            try await terminal.see("2/2 nodes up")
            try await body(terminal)
            try await terminal.press("Escape", "q")
            try await terminal.see("watch ended 0")
        }
        withExtendedLifetime(nodes) {}
    }

    private func paste(_ text: String, _ terminal: TerminalSession) async throws {
        try await terminal.tmux("set-buffer", text)
        try await terminal.tmux("paste-buffer", "-p")
    }

    @Test func aPasteIsTextWhereTextIsTypedAndNothingElsewhere() async throws {
        try await watch { terminal in
            try await paste("qwr\nX", terminal)
            try await terminal.see("what was pasted presses no keys")
            try await terminal.press("w")
            try await paste(String(repeating: "k", count: 62) + "\n", terminal)
            try await terminal.see("the key is 62 characters; 50 at most")
            try await terminal.press("C-u")
            try await paste("e\u{301}-42\n", terminal)
            try await terminal.see("[é-42_]")
            try await terminal.press("Enter")
            try await terminal.see("holds nothing under it")
        }
    }

    @Test func underAnotherCharacterSetNoLetterIsLost() async throws {
        try await watch("LC_ALL=C") { terminal in
            try await terminal.press("w")
            try await terminal.tmux("send-keys", "-l", "abüdef")
            try await terminal.see("[ab?def_]")
        }
    }
}
