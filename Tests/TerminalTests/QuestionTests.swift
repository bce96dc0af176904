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

    @Test func aTokenThatNoNodeKnowsIsSaidSoAndAskedForAgain() async throws {
        let program = try TerminalSession.program("shardtop")
        let node = try TerminalSession.program("shardnode")
        let ports = try Ports.free(2)
        let script = """
            cd "$FOLDER"; umask 077; '\(program)' tokens add tokens --name anna --role read >token
            export SHARD_COUNT=1 VIEW=127.0.0.1:\(ports[0]),127.0.0.1:\(ports[1])
            for port in \(ports[0]) \(ports[1]); do
              SOCKET_ADDRESS=127.0.0.1:$port '\(node)' --token-file tokens >/dev/null 2>&1 & nodes="$nodes $!"
            done
            until '\(program)' status 127.0.0.1:\(ports[0]) --token-file token --check >/dev/null 2>&1; do sleep 0.1; done
            '\(program)' watch 127.0.0.1:\(ports[0]); echo "watch ended $?"
            read next; '\(program)' watch 127.0.0.1:\(ports[0]); echo "watch ended $?"; kill $nodes
            """
        try await TerminalSession.with(script: script, width: 100, height: 24) { terminal in
            func see(questions: Int) async throws {
                try await terminal.wait(for: "\(questions) questions") {
                    try await terminal.screen().components(separatedBy: "Token for 127.0.0.1:").count == questions + 1
                }
            }
            try await see(questions: 1)
            try await terminal.press("wrong", "Enter")
            try await terminal.see("does not know that token")
            try await see(questions: 2)
            try await terminal.press("two", "Space", "words", "Enter")
            try await terminal.see("that is no token")
            try await see(questions: 3)
            let token = try terminal.file("token").trimmingCharacters(in: .whitespacesAndNewlines)
            try await terminal.press(token, "Enter")
            try await terminal.see("2/2 nodes up")
            try await terminal.press("q")
            let screen = try await terminal.see("watch ended 0")
            #expect(!screen.contains(token) && !screen.contains("two words"))
            try await terminal.press("Enter")
            try await see(questions: 4)
            try await terminal.press("wrong", "Enter")
            try await see(questions: 5)
            try await terminal.press("C-c")
            try await terminal.see("watch ended 77")
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
