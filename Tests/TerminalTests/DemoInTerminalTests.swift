import Foundation
import Testing

/// The real program with real nodes in a real terminal.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DemoInTerminalTests {
    /// Runs the demo between two looks at the terminal's settings, and says how it ended.
    private func script(_ arguments: String) throws -> String {
        """
        stty -g >"$FOLDER/before"
        sh -c 'echo $$ >"$FOLDER/pid"; exec "$0" demo --port 24100 \(arguments)' "\(try TerminalSession.program("shardtop"))"
        echo "demo ended $?"
        stty -g >"$FOLDER/after"
        """
    }

    /// The ports of the nodes, from what the screen shows.
    private func ports(_ screen: String) -> Set<Int> {
        Set(screen.matches(of: /127\.0\.0\.1:(\d{5})\b/).compactMap { Int($0.1) })
    }

    private func expectTerminalBack(_ terminal: TerminalSession) async throws {
        try await terminal.see("script ended")
        #expect(try terminal.file("before") == terminal.file("after"), "the terminal's settings are as before")
        #expect(try await !terminal.isTaken())
        #expect(try await terminal.isCursorShown())
    }

    /// What the demo kept in files is gone with it.
    private func expectNoFolder(_ pid: String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shardtop-demo-\(pid)").path
        #expect(!FileManager.default.fileExists(atPath: folder), "\(folder) is left behind")
    }

    private func expectGone(_ ports: Set<Int>, _ terminal: TerminalSession) async throws {
        #expect(ports.count == 6)
        try await terminal.wait(for: "the nodes' end") { !ports.contains(where: Ports.isListening) }
    }

    @Test func aReshardIsStartedByKeyboardAndSeenThroughItsPhasesAtAnySize() async throws {
        try await TerminalSession.with(script: script("--keys 600 --rate 300"), width: 120, height: 35) { terminal in
            let ports = ports(try await terminal.see("6/6 nodes up  2 shards  600 keys"))
            try await terminal.press("r")
            try await terminal.see("of 600 keys change shard")
            try await terminal.press("Tab", "Enter")
            try await terminal.see("▶ collate")
            try await terminal.see("▶ rebalance")
            try await terminal.see("two or more each")
            try await terminal.resize(width: 40, height: 12)
            try await terminal.see("▶ broadcast")
            try await terminal.resize(width: 200, height: 60)
            let report = try await terminal.see("✓ clean")
            #expect(report.contains("6/6 nodes up  3 shards  600 keys"))
            #expect(report.contains("keys before 600, after 600"))
            #expect(report.contains("all 600 keys read back: none lost, in two shards or misplaced"))
            try await terminal.resize(width: 30, height: 8)
            try await terminal.see("shardtop needs 40x12")
            try await terminal.resize(width: 80, height: 24)
            try await terminal.see("6/6 nodes up")
            try await terminal.press("q")
            try await terminal.see("demo ended 0")
            try await expectTerminalBack(terminal)
            try await expectGone(ports, terminal)
        }
    }

    /// A busy machine may change a figure on the screen; so it is enough that five polls in a row leave it alone.
    @Test func pollsThatFindNothingNewWriteNothing() async throws {
        try await TerminalSession.with(script: script("--keys 60"), width: 120, height: 35) { terminal in
            let port = try #require(ports(try await terminal.see("6/6 nodes up  2 shards  60 keys")).min())
            try await terminal.press("+")
            try await terminal.tmux("pipe-pane", "cat >> \(terminal.folder.path)/written")
            var asked = try await asked(port)
            var written = 0
            try await terminal.wait(for: "five polls that write nothing") {
                let (askedNow, writtenNow) = (try await self.asked(port), try terminal.size(of: "written"))
                // This question counts too.
                asked += 1
                if writtenNow != written { (asked, written) = (askedNow, writtenNow) }
                return askedNow >= asked + 5
            }
            try await terminal.press("?")
            try await terminal.wait(for: "what a key changes") { try terminal.size(of: "written") > written }
            try await terminal.press("Escape", "q")
            try await terminal.see("demo ended 0")
        }
    }

    /// How often a node was asked how it is.
    private func asked(_ port: Int) async throws -> Int {
        let metrics = try await TerminalSession.output(
            of: "curl", "-sS", "-m", "20", "http://127.0.0.1:\(port)/metrics")
        let line = metrics.split(separator: "\n").first { $0.contains(#"operation="observe",status="2xx""#) }
        return try #require(line?.split(separator: " ").last.flatMap { Int($0) })
    }

    @Test func aReshardInStepsWaitsForThePresenter() async throws {
        try await TerminalSession.with(script: script("--keys 300 --rate 300"), width: 120, height: 35) { terminal in
            try await terminal.see("6/6 nodes up  2 shards  300 keys")
            try await terminal.press(".", "r")
            try await terminal.see("of 300 keys change shard")
            try await terminal.press("Tab", "Enter")
            try await terminal.see("'.' takes the next step")
            #expect(try await terminal.see("▶ collate").contains(" 0 keys"))
            try await terminal.press(".")
            try await terminal.see("▶ rebalance")
            try await terminal.see("'.' takes the next step")
            try await terminal.press(".")
            try await terminal.see("two or more each")
            try await terminal.see("'.' takes the next step")
            try await terminal.press(",")
            try await terminal.see("✓ clean")
            try await terminal.press("q")
            try await terminal.see("demo ended 0")
        }
    }

    @Test(arguments: [("TERM", 143), ("INT", 130), ("HUP", 129)])
    func aSignalEndsTheDemoItsNodesAndItsHoldOnTheTerminal(signal: String, status: Int) async throws {
        try await TerminalSession.with(script: script("--keys 60"), width: 80, height: 24) { terminal in
            let ports = ports(try await terminal.see("6/6 nodes up  2 shards  60 keys"))
            #expect(try await terminal.isTaken())
            let pid = try terminal.file("pid").trimmingCharacters(in: .whitespacesAndNewlines)
            try await terminal.tmux("run-shell", "kill -\(signal) \(pid)")
            try await terminal.see("demo ended \(status)")
            try await expectTerminalBack(terminal)
            try await expectGone(ports, terminal)
            expectNoFolder(pid)
        }
    }

    @Test func aCrashGivesTheTerminalBack() async throws {
        try await TerminalSession.with(script: script("--keys 60"), width: 80, height: 24) { terminal in
            let ports = ports(try await terminal.see("6/6 nodes up  2 shards  60 keys"))
            let pid = try terminal.file("pid").trimmingCharacters(in: .whitespacesAndNewlines)
            try await terminal.tmux("run-shell", "kill -SEGV \(pid)")
            try await terminal.see("demo ended 139")
            try await expectTerminalBack(terminal)
            try await expectGone(ports, terminal)
        }
    }

    @Test func nodesDoNotOutliveADemoThatIsKilled() async throws {
        try await TerminalSession.with(script: script("--keys 60"), width: 80, height: 24) { terminal in
            let ports = ports(try await terminal.see("6/6 nodes up  2 shards  60 keys"))
            let pid = try terminal.file("pid").trimmingCharacters(in: .whitespacesAndNewlines)
            try await terminal.tmux("run-shell", "kill -KILL \(pid)")
            try await expectGone(ports, terminal)
        }
    }

    @Test func ctrlZGivesTheTerminalBackAndFgTakesItAgain() async throws {
        let program = try TerminalSession.program("shardtop")
        let script = "PS1='ready> ' PROGRAM='\(program)' bash --norc --noprofile -i"
        try await TerminalSession.with(script: script, width: 80, height: 24) { terminal in
            try await terminal.see("ready>")
            try await terminal.press("\"$PROGRAM\" demo --keys 60 --port 24200", "Enter")
            try await terminal.see("6/6 nodes up  2 shards  60 keys")
            try await terminal.press("C-z")
            try await terminal.see("Stopped")
            #expect(try await !terminal.isTaken())
            #expect(try await terminal.isCursorShown())
            try await terminal.press("fg", "Enter")
            try await terminal.see("6/6 nodes up")
            #expect(try await terminal.isTaken())
            try await terminal.press("q")
            try await terminal.see("ready>")
            #expect(try await !terminal.isTaken())
        }
    }

    @Test func aNodeIsKilledStartedPausedAndJoinedByAnotherWhileClientsGoOn() async throws {
        try await TerminalSession.with(script: script("--keys 700"), width: 120, height: 35) { terminal in
            try await terminal.see("6/6 nodes up  2 shards  700 keys")
            try await terminal.press("L")
            try await terminal.see("op/s  p50")
            try await terminal.press("x")
            try await terminal.see("5/6 nodes up")
            try await terminal.press("X")
            try await terminal.see("6/6 nodes up")
            try await terminal.press("p")
            try await terminal.see("5/6 nodes up")
            try await terminal.press("p")
            try await terminal.see("6/6 nodes up")
            try await terminal.press("n")
            let screen = try await terminal.see("7/7 nodes up")
            #expect(screen.contains("in no shard"))
            let ports = ports(screen)
            #expect(ports.count == 7)
            #expect(try await terminal.see(" 0 errors").contains("clients"))
            // Who asks a node that nobody hears may have to wait in vain, so errors are counted no more.
            try await terminal.press("P")
            try await terminal.see("cut off  ")
            try await terminal.press("P")
            try await terminal.wait(for: "the node's return") { try await !terminal.screen().contains("cut off  ") }
            try await terminal.press("p")
            try await terminal.see("6/7 nodes up")
            try await terminal.press("q")
            try await terminal.see("demo ended 0")
            try await terminal.wait(for: "the nodes' end, a paused one's too") {
                !ports.contains(where: Ports.isListening)
            }
        }
    }

    @Test func aNodesDeathAndReturnAreSaid() async throws {
        let nodes = try NodeProcesses(count: 4, shardCount: 2)
        let script = "exec '\(try TerminalSession.program("shardtop"))' watch 127.0.0.1:\(nodes.ports[0])"
        try await TerminalSession.with(script: script, width: 80, height: 24) { terminal in
            try await terminal.see("4/4 nodes up")
            nodes.kill(nodes.ports[0])
            try await terminal.see("3/4 nodes up")
            let screen = try await terminal.see("127.0.0.1:\(nodes.ports[0]) is down")
            #expect(screen.contains("○ 127.0.0.1:\(nodes.ports[0])"))
            try nodes.start(nodes.ports[0])
            try await terminal.see("4/4 nodes up")
            try await terminal.see("● 127.0.0.1:\(nodes.ports[0])")
            try await terminal.press("q")
            try await terminal.see("script ended")
        }
    }
}
