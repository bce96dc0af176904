import Dashboard
import Foundation
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(5))) struct AlertCommandTests {
    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("alerts-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func problem(_ command: String, patience: Duration = .seconds(60)) async -> String? {
        do {
            try await AlertCommand(command, patience: patience).run(["SHARDTOP_VERDICT": "ok"])
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `a command finds the verdict in its environment`() async throws {
        try await inFolder { folder in
            let words = "degraded: it's \"bad\" $(rm x)"
            try await AlertCommand("printf %s \"$SHARDTOP_VERDICT\" > \(folder)/told").run([
                "SHARDTOP_VERDICT": words
            ])
            #expect(try String(contentsOfFile: folder + "/told", encoding: .utf8) == words)
        }
    }

    @Test func `a command that fails is told of`() async {
        #expect(await problem("true") == nil)
        #expect(await problem("exit 3") == "it ended with status 3")
        #expect(await problem("kill -9 $$") == "it was ended by signal 9")
    }

    @Test func `a command that takes too long is ended, with all that it has started`() async throws {
        try await inFolder { folder in
            let words = await problem("sleep 600 & echo $! > \(folder)/child; wait", patience: .seconds(1))
            #expect(words == "it took longer than 1 s, and was ended")
            let child = try String(contentsOfFile: folder + "/child", encoding: .utf8)
            let id = try #require(pid_t(child.filter(\.isNumber)))
            // Ended, and perhaps not yet collected by whoever inherits it.
            while kill(id, 0) == 0, !isZombie(id) { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    private func isZombie(_ id: pid_t) -> Bool {
        let state = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        return state?.contains(") Z ") == true
    }

    @Test func `while one runs the newest of those that come waits`() async throws {
        try await inFolder { folder in
            let runner = AlertCommand(
                "echo $SHARDTOP_VERDICT >> \(folder)/told; until [ -e \(folder)/go ]; do sleep 0.05; done")
            let first = Task { try await runner.run(["SHARDTOP_VERDICT": "one"]) }
            while !FileManager.default.fileExists(atPath: folder + "/told") {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await runner.run(["SHARDTOP_VERDICT": "two"])
            try await runner.run(["SHARDTOP_VERDICT": "three"])
            _ = FileManager.default.createFile(atPath: folder + "/go", contents: nil)
            try await first.value
            #expect(try String(contentsOfFile: folder + "/told", encoding: .utf8) == "one\nthree\n")
        }
    }

    @Test func `flags go before the file, and nothing is called without either`() throws {
        var config = Config()
        func alerting(_ arguments: [String]) throws -> Alerting {
            try #require(try ShardTop.parseAsRoot(["watch"] + arguments) as? WatchCommand).alerts.alerting(config)
        }
        #expect(try !alerting([]).rings && alerting([]).run == nil)
        config = try Config(parsing: "alert-bell = yes\nalert-command = notify-send hello")
        #expect(try alerting([]).rings && alerting([]).run != nil)
        #expect(try !alerting(["--no-alert-bell", "--alert-command", ""]).rings)
        #expect(try alerting(["--alert-command", ""]).run == nil)
    }
}
