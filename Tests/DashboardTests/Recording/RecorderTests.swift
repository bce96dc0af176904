import ClusterModel
import Foundation
import ShardClient
import Testing

@testable import Dashboard

@Suite struct RecorderTests {
    private func with(
        bytesMax: Int = Recorder.bytesMaxUsual, _ body: (Recorder, String) async throws -> Void
    ) async throws {
        let path = RecordedFixture.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(try Recorder(path: path, header: RecordedFixture.header, bytesMax: bytesMax), path)
    }

    @Test func whatIsKeptIsReadAgain() async throws {
        try await with { recorder, path in
            let polls = RecordedFixture.polls()
            for poll in polls { recorder.keep(poll) }
            let summary = await recorder.finish()
            #expect(summary.polls == polls.count)
            #expect(summary.milliseconds == 39 * 250)
            #expect(summary.problem == nil)
            let recording = try await Recording.read(path: path)
            #expect(recording.header == RecordedFixture.header)
            #expect(recording.note == nil)
            #expect((0..<recording.count).map(recording.poll) == polls)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == summary.bytes)
        }
    }

    @Test func itIsWrittenAsItGoes() async throws {
        try await with { recorder, path in
            recorder.keep(RecordedFixture.polls()[0])
            var count = 0
            while count == 0 {
                await Task.yield()
                count = (try? await Recording.read(path: path))?.count ?? 0
            }
            #expect(count == 1, "though nobody has finished it")
            _ = await recorder.finish()
        }
    }

    @Test func anExistingFileIsLeftAsItIs() async throws {
        let path = RecordedFixture.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "mine".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: RecordingError.self) {
            _ = try Recorder(path: path, header: RecordedFixture.header)
        }
        #expect(error?.description.contains("overwrites nothing") == true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test func aFileThatCannotBeMadeIsSaid() {
        let error = #expect(throws: RecordingError.self) {
            _ = try Recorder(path: "/nowhere/at/all.rec", header: RecordedFixture.header)
        }
        #expect(error?.description == "/nowhere/at/all.rec: cannot be made: No such file or directory")
    }

    @Test func atItsBoundItEndsWithAWordAndStaysPlayable() async throws {
        try await with(bytesMax: 20_000) { recorder, path in
            for poll in RecordedFixture.polls() { recorder.keep(poll) }
            let summary = await recorder.finish()
            #expect(summary.bytes <= 20_000)
            #expect(summary.polls > 0)
            #expect(summary.problem == "the recording has reached its bound of 19.5 KiB")
            var problems: [String] = []
            for await problem in recorder.problems { problems.append(problem) }
            #expect(problems == ["recording ended: the recording has reached its bound of 19.5 KiB"])
            let count = try await Recording.read(path: path).count
            #expect(count == summary.polls)
        }
    }

    @Test func aRecordingOfNothingLeavesNoFile() async throws {
        try await with { recorder, path in
            let summary = await recorder.finish()
            #expect(summary.polls == 0)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func aClockThatIsSetBackDoesNotTurnTheRecordingBack() async throws {
        try await with { recorder, path in
            var polls = RecordedFixture.polls(3)
            polls[1].atMilliseconds -= 60_000
            for poll in polls { recorder.keep(poll) }
            _ = await recorder.finish()
            let times = try await Recording.read(path: path).times
            #expect(times == times.sorted())
        }
    }
}
