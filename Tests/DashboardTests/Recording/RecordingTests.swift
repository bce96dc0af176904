import ClusterModel
import Foundation
import ShardClient
import Testing

@testable import Dashboard

/// What is refused, with the line and what to do, and what is not.
@Suite struct RecordingTests {
    private func problem(_ text: String) async -> String? {
        do {
            _ = try await RecordedFixture.read(text)
            return nil
        } catch { return "\(error)" }
    }

    private func lines() throws -> [String] { try RecordedFixture.lines(RecordedFixture.polls(6)) }

    @Test func anEmptyFileIsNoRecording() async {
        #expect(await problem("") == "r.rec: is empty; 'shardtop watch --record FILE' makes a recording")
    }

    @Test(arguments: ["hello\n", "{}\n", "\n", #"{"format":"other","version":1}"# + "\n"])
    func anotherKindOfFileIsRefusedAtItsFirstLine(text: String) async {
        #expect(
            await problem(text)
                == "r.rec, line 1: is no header of a recording; 'shardtop watch --record FILE' makes one")
    }

    @Test func anotherVersionIsRefused() async throws {
        let text = try lines().joined(separator: "\n").replacing(#""version":2"#, with: #""version":3"#)
        let words = try #require(await problem(text))
        #expect(words.hasPrefix("r.rec, line 1: the recording is of version 3, this program plays versions 1 to 2;"))
    }

    @Test func aRecordingWithoutPollsSaysSo() async throws {
        #expect(await problem(try lines()[0] + "\n") == "r.rec, line 1: no poll follows; record for a moment longer")
    }

    @Test(arguments: [
        ("garbage", "it is no JSON object of the kind expected"), ("", "it is no JSON object of the kind expected"),
        ("{}", "'at' is missing"), (#"{"at":"noon"}"#, "'at': "), (#"{"at":99999999999999999}"#, "'at' is no time"),
        (#"{"at":1}"#, "its time is before that of the line above"),
        (
            #"{"at":1700000000500,"snapshot":{"engine":{},"takenMilliseconds":1,"shards":[],"others":[],"facts":[],"troubles":[],"isBasic":false,"isTold":true}}"#,
            "of snapshot"
        ),
        (
            #"{"at":1700000000500,"snapshot":{"engine":{},"takenMilliseconds":1700000000501,"shards":[],"others":[],"facts":[],"troubles":[],"isBasic":false,"isTold":true}}"#,
            "its snapshot is from after it"
        ),
        (#"{"at":1700000000500,"snapshot":{"engine":{}}}"#, "'snapshot.takenMilliseconds' is missing"),
        (String(repeating: "x", count: 100_001), "is longer than"),
    ])
    func aDamagedLineIsNamedWithWhatToDo(line: String, words: String) async throws {
        var lines = try lines()
        lines[3] = line
        let problem = try #require(await problem(lines.joined(separator: "\n") + "\n"))
        #expect(problem.hasPrefix("r.rec, line 4: " + words), "\(problem)")
        #expect(problem.hasSuffix("'head -n 3 r.rec > OTHER' keeps what comes before it"), "\(problem)")
    }

    @Test func aLastLineThatIsCutOffIsLeftOutWithANote() async throws {
        let whole = try lines().joined(separator: "\n")
        let cut = try await RecordedFixture.read(String(whole.dropLast(20)))
        #expect(cut.count == 5)
        #expect(cut.note == "line 7, the last, is cut off and left out")
        let unended = try await RecordedFixture.read(whole)
        #expect(unended.count == 6, "only the end of the line is missing")
        #expect(unended.note == nil)
    }

    @Test func aLastLineThatIsWholeAndDamagedIsRefused() async throws {
        let text = String(try lines().joined(separator: "\n").dropLast(20)) + "\n"
        #expect(await problem(text)?.hasPrefix("r.rec, line 7: ") == true)
    }

    @Test func whatIsNoFileIsSaid() async {
        await #expect(throws: RecordingError.self) { _ = try await Recording.read(path: "/nowhere.rec") }
        await #expect(throws: RecordingError.self) { _ = try await Recording.read(path: "/tmp") }
    }
}
