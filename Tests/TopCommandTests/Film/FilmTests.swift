import ClusterModel
import Dashboard
import Foundation
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct FilmTests {
    private func withRecording(_ body: (_ recording: String, _ folder: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("film-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/r.rec"
        let recorder = try Recorder(path: path, header: RecordingHeader(program: "0", name: "demo"))
        for number in 0..<20 as Range<UInt64> {
            let at = 1_700_000_000_000 + number * 500
            var poll = RecordedPoll(atMilliseconds: at)
            var member = Member(id: "10.0.0.1:8081", shard: 0, condition: .init(.good, "up"))
            (member.hasAnswered, member.isReachable, member.keys) = (true, true, Int(number) * 100)
            var cluster = Cluster(takenMilliseconds: at)
            cluster.shards = [Shard(id: 0, members: [member], keys: Int(number) * 100)]
            (poll.snapshot, poll.features) = (cluster, Features.none)
            recorder.keep(poll)
        }
        let summary = await recorder.finish()
        #expect(summary.polls == 20)
        try await body(path, folder)
    }

    @Test func `a recording becomes a picture and a cast, without a terminal`() async throws {
        try await withRecording { recording, folder in
            let status = await exitStatus(of: [
                "replay", recording, "--present", "--svg", folder + "/a.svg", "--cast", folder + "/a.cast", "--size",
                "80x24", "--speed", "4",
            ])
            #expect(status == 0)
            let svg = try String(contentsOfFile: folder + "/a.svg", encoding: .utf8)
            #expect(svg.contains("@keyframes") && svg.contains("1,900 keys"))
            // 9.5 s at four times the speed, and three more for its end.
            #expect(svg.contains("animation:5.375s"))
            let cast = try String(contentsOfFile: folder + "/a.cast", encoding: .utf8)
            #expect(cast.hasPrefix(#"{"version":2,"width":80,"height":24,"timestamp":1700000000,"#))
        }
    }

    @Test func `a file that exists is left as it is`() async throws {
        try await withRecording { recording, folder in
            try "mine".write(toFile: folder + "/a.svg", atomically: true, encoding: .utf8)
            #expect(await exitStatus(of: ["replay", recording, "--svg", folder + "/a.svg"]) == 74)
            #expect(try String(contentsOfFile: folder + "/a.svg", encoding: .utf8) == "mine")
            #expect(await exitStatus(of: ["replay", recording, "--cast", folder + "/none/a.cast"]) == 74)
        }
    }

    @Test func `what lies outside the recording is no film`() async throws {
        try await withRecording { recording, folder in
            #expect(await exitStatus(of: ["replay", recording, "--svg", folder + "/a.svg", "--from", "60"]) == 64)
            #expect(!FileManager.default.fileExists(atPath: folder + "/a.svg"))
        }
    }

    @Test(arguments: [
        ["--speed", "2"], ["--from", "1"], ["--to", "5"], ["--svg", "a.svg", "--speed", "3"],
        ["--svg", "a.svg", "--from", "5", "--to", "5"], ["--svg", "a.svg", "--from", "-1"],
        ["--cast", "a.cast", "--size", "80"],
    ])
    func `options that make no sense are refused`(_ options: [String]) {
        #expect(throws: (any Error).self) { try ShardTop.parseAsRoot(["replay", "r.rec"] + options) }
    }

    @Test func `a size is of what is shown on no terminal`() async throws {
        try await withRecording { recording, _ in
            #expect(await exitStatus(of: ["replay", recording, "--size", "80x24"]) == 64)
        }
    }

    @Test func `what would be too large says what makes it smaller`() {
        #expect(throws: Never.self) { try FilmFile.check(FilmFile.svgBytesMax, FilmFile.svgBytesMax) }
        let failure = #expect(throws: Failure.self) { try FilmFile.check(9_000_000, FilmFile.svgBytesMax) }
        #expect(failure?.words.contains("--speed") == true && failure?.status == .failed)
    }
}
