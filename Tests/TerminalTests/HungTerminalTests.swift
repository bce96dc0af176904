import Foundation
import Testing

/// Terminals that hang or vanish, as those behind a broken connection do.
@Suite(.serialized, .timeLimit(.minutes(10))) struct HungTerminalTests {
    /// Runs the demo with a recording; its number goes into a file.
    private func script(port: Int) throws -> String {
        """
        sh -c 'echo $$ >"$FOLDER/pid"; exec "$0" demo --keys 60 --port \(port) --record "$FOLDER/rec"' \
        "\(try TerminalSession.program("shardtop"))"
        """
    }

    private func demo(_ terminal: TerminalSession) async throws -> (process: Int32, ports: Set<Int>) {
        let screen = try await terminal.see("6/6 nodes up  2 shards  60 keys")
        let process = try #require(Int32(try terminal.file("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        return (process, Set(screen.matches(of: /127\.0\.0\.1:(\d{5})\b/).compactMap { Int($0.1) }))
    }

    /// Unlike the session's own, it asks nothing of a terminal that does not answer.
    private func wait(for what: Comment, until isSo: () throws -> Bool) async throws {
        let end = ContinuousClock.now + TerminalSession.patience
        while try !isSo() {
            try #require(ContinuousClock.now < end, what)
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func expectEnd(_ process: Int32, _ ports: Set<Int>) async throws {
        try await wait(for: "the end of the demo") { kill(process, 0) != 0 }
        #expect(ports.count == 6)
        try await wait(for: "the nodes' end") { !ports.contains(where: Ports.isListening) }
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func oneThatTakesNoOutputStopsNeitherTheRecordingNorAnEnd(signal: Int32) async throws {
        try await TerminalSession.with(script: script(port: 24_300), width: 120, height: 35) { terminal in
            let (process, ports) = try await demo(terminal)
            let server = try #require(Int32(try await terminal.server()))
            kill(server, SIGSTOP)
            defer { kill(server, SIGCONT) }
            // Each draws the whole screen again: far more than fits between the two.
            for _ in 0..<40 {
                kill(process, SIGCONT)
                try await Task.sleep(for: .milliseconds(20))
            }
            let recorded = try terminal.size(of: "rec")
            try await wait(for: "polls that are recorded while the terminal hangs") {
                try terminal.size(of: "rec") > recorded
            }
            kill(process, signal)
            try await expectEnd(process, ports)
        }
    }

    @Test func oneThatVanishesEndsTheDemoAndItsNodes() async throws {
        try await TerminalSession.with(script: script(port: 24_320), width: 80, height: 24) { terminal in
            let (process, ports) = try await demo(terminal)
            kill(try #require(Int32(try await terminal.server())), SIGKILL)
            try await expectEnd(process, ports)
        }
    }

    /// A shell stops who wants the terminal from the background; keys are keys again in the foreground.
    @Test func inTheBackgroundItWaitsForFg() async throws {
        let program = try TerminalSession.program("shardtop")
        let script = "PS1='ready> ' PROGRAM='\(program)' bash --norc --noprofile -i"
        try await TerminalSession.with(script: script, width: 80, height: 24) { terminal in
            try await terminal.see("ready>")
            try await terminal.press("\"$PROGRAM\" watch 127.0.0.1:1 & echo $! > $FOLDER/pid", "Enter")
            let pid = try await terminal.number(in: "pid")
            var isLeft = true
            for stop in ["", "bg", "outside", "bg"] {
                if stop == "outside" {
                    // Who is stopped so has no time to give the terminal back.
                    kill(pid, SIGSTOP)
                    isLeft = false
                }
                if stop == "bg" { try await terminal.press("bg", "Enter") }
                try await terminal.wait(for: "the shell's word that it stopped") {
                    try await terminal.press("clear; jobs", "Enter")
                    return try await terminal.screen().contains("Stopped")
                }
                if isLeft { #expect(try await !terminal.isTaken()) }
                if stop == "bg" {
                    try await terminal.press("fg", "Enter")
                    try await terminal.see("q quit")
                    #expect(try await terminal.isTaken())
                    try await terminal.press("?")
                    try await terminal.see("type to search")
                    try await terminal.press("Escape")
                }
            }
            try await terminal.press("q")
            try await terminal.see("ready>")
            #expect(try await !terminal.isTaken())
        }
    }
}
