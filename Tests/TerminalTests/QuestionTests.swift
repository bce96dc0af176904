import Foundation
import Testing

/// What is asked for on the terminal, besides the dashboard.
@Suite(.serialized, .timeLimit(.minutes(10))) struct QuestionTests {
    @Test func aPasswordIsNotShownAndCtrlCEndsTheQuestionAtOnce() async throws {
        let program = try TerminalSession.program("shardtop")
        let line = "'\(program)' status --ask-password valkey://127.0.0.1:1; echo \"ended $?\""
        let script = "\(line); read next; clear; \(line)"
        try await TerminalSession.with(script: script, width: 100, height: 24) { terminal in
            try await terminal.see("Password:")
            try await terminal.press("secret", "C-c")
            let screen = try await terminal.see("ended 130")
            #expect(!screen.contains("secret"))
            // The terminal shows what is typed again.
            try await terminal.press("shown")
            try await terminal.see("shown")
            try await terminal.press("Enter")
            try await terminal.wait(for: "the next question") { try await !terminal.screen().contains("shown") }
            try await terminal.see("Password:")
            try await terminal.press("secret", "Enter")
            let answered = try await terminal.see("127.0.0.1:1")
            #expect(!answered.contains("secret"))
            try await terminal.see("ended ")
        }
    }

    @Test(arguments: ["C-c": 130, "C-d": 1, "n Enter": 1])
    func whoDoesNotSayYesHasChangedNothing(keys: String, status: Int) async throws {
        let program = try TerminalSession.program("shardtop")
        let script = "'\(program)' put a b --at valkey://127.0.0.1:1; echo \"ended $?\""
        try await TerminalSession.with(script: script, width: 100, height: 24) { terminal in
            try await terminal.see("Type yes:")
            for key in keys.split(separator: " ") { try await terminal.press(String(key)) }
            try await terminal.see("nothing was changed")
            try await terminal.see("ended \(status)")
        }
    }
}
