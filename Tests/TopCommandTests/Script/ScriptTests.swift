import ClusterModel
import Dashboard
import Foundation
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct ScriptTests {
    @Test func everyCommandIsUnderstood() throws {
        let script = try Script(
            """
            # what a room sees
            press r Tab Enter Ctrl-c F1 Space

              type key 42
            see "2 shards"
            see "a "quoted" text" within 5s
            gone "asking" within 250ms
            pause 2s
            resize 80x24
            save picture.svg
            """)
        #expect(
            script.lines.map(\.step) == [
                .press([.character("r"), .tab, .enter, .control("c"), .function(1), .character(" ")]),
                .type("key 42"), .see("2 shards", within: .seconds(60)),
                .see(#"a "quoted" text"#, within: .seconds(5)), .gone("asking", within: .milliseconds(250)),
                .pause(.seconds(2)), .resize(Size(width: 80, height: 24)), .save("picture.svg"),
            ])
        #expect(script.lines.map(\.number) == [2, 4, 5, 6, 7, 8, 9, 10])
    }

    @Test(arguments: [
        ("jump", "no command 'jump'"), ("press Foo", "no key 'Foo'"), ("press", "press what"),
        ("see text", #"see "TEXT""#), ("see \"\"", "see"), ("see \"a\" within 5", "within 30s"),
        ("see \"a\" within 601s", "within 30s"), ("pause 61s", "at most 60s"), ("pause", "pause 2s"),
        ("resize 80", "80x24"), ("resize 80x5000", "80x24"), ("save picture.png", ".svg"), ("type", "type what"),
    ])
    func whatIsWrongNamesItsLineAndWhatToDo(line: String, words: String) throws {
        let problem = try #require(throws: Script.Problem.self) { try Script("press q\n\n" + line) }
        #expect(problem.line == 3)
        #expect(problem.words.contains(words), "\(problem.words)")
    }

    @Test func aScriptIsBounded() {
        let long = String(repeating: "press q\n", count: Script.linesMax + 1)
        #expect(throws: Script.Problem.self) { try Script(long) }
    }

    /// A cluster of nobody.
    private struct Nobody: ClusterSource {
        struct Refused: Error {}
        var features: Features { get async { .none } }
        var outage: (any Error)? { get async { nil } }
        func snapshot() async -> Cluster { Cluster(takenMilliseconds: 1) }
        func events() async -> [ClusterModel.Event] { [] }
        func plan(_ goal: Goal) async throws -> Plan { throw Refused() }
        func perform(_ goal: Goal, seen plan: Plan?) async throws { throw Refused() }
        func abort() async throws { throw Refused() }
        func setPace(keysPerSecond: Int?) async throws { throw Refused() }
        func step(_ order: StepOrder) async throws { throw Refused() }
        func locate(key: String) async throws -> KeyPlace { throw Refused() }
    }

    @MainActor private func run(_ text: String) async throws {
        let plan = ScriptOptions.Plan(script: try Script(text), size: Size(width: 90, height: 20))
        try await DashboardTerminal.open(Nobody(), name: "nobody", plan: plan)
    }

    @Test func aScriptUsesTheDashboardWithoutATerminalAndSavesWhatItShows() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await run(
            """
            see "No node answers."
            press ?
            see "type to search"
            save \(folder.path)/help.txt
            press Escape
            gone "type to search"
            resize 60x15
            save \(folder.path)/small.svg
            press : x
            see ":x"
            """)
        let help = try String(contentsOf: folder.appendingPathComponent("help.txt"), encoding: .utf8)
        #expect(help.contains("type to search"))
        #expect(help.split(separator: "\n", omittingEmptySubsequences: false).count == 21)
        let small = try String(contentsOf: folder.appendingPathComponent("small.svg"), encoding: .utf8)
        #expect(small.contains("No node answers."))
        #expect(small.hasPrefix("<svg "))
    }

    @Test func aTextThatNeverComesEndsItWithTheScreen() async throws {
        let failure = await #expect(throws: Failure.self) {
            try await run("see \"No node answers.\"\nsee \"gold\" within 50ms")
        }
        #expect(failure?.status == .failed)
        #expect(failure?.words.contains("line 2: 'gold' did not come") == true)
        #expect(failure?.words.contains("No node answers.") == true)
    }
}
