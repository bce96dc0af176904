import ClusterModel
import Foundation
import ShardClient
import ShardCore
import ShardWire
import Testing

@testable import Dashboard
@testable import TopCommand

/// Recordings of version 1 held what each shardnode said.
@Suite(.timeLimit(.minutes(10))) struct EarlierRecordingTests {
    private let one = NodeAddress("127.0.0.1:8081")!

    /// Two polls as version 1 wrote them.
    private func text() throws -> String {
        func json(_ value: some Encodable) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        let snapshot = ClusterSnapshot(
            takenMilliseconds: 1_000,
            nodes: [
                .init(
                    address: one,
                    answer: .basic(
                        BasicNodeState(
                            family: .short, view: [one], shard: 0, shards: [.init(id: 0, members: [one], keys: 7)])),
                    isReachable: true, answeredMilliseconds: 1_000)
            ])
        let event = ClusterEvent(
            sequence: 1, milliseconds: 900, kind: .serving, node: one, text: "it serves", recordedBy: one)
        return """
            {"format":"shardtop-recording","name":"old","program":"0.1.0","version":1}
            {"at":1000,"capabilities":\(try json(ClusterCapabilities.basic)),"events":[\(try json(event))],"poll":500,\
            "snapshot":\(try json(snapshot))}
            {"at":1500}

            """
    }

    @Test func `a recording of version 1 is played as the cluster that it shows`() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/earlier-\(UUID().uuidString).rec"
        try text().write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recording = try await Recording.read(path: path, earlier: EarlierRecording.poll)
        #expect(recording.count == 2 && recording.header.version == 1)
        var replayed = ReplayedModel(recording)
        replayed.move(toMilliseconds: 1_500)
        #expect(replayed.model.overview.shards.map(\.keys) == [7])
        #expect(replayed.model.overview.members.map(\.id) == [MemberID(one)])
        #expect(replayed.model.events.map(\.text) == ["it serves"])
    }

    @Test func `a damaged line of version 1 is named`() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/earlier-\(UUID().uuidString).rec"
        try text().replacing("\"family\"", with: "\"famile\"").write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        await #expect(throws: RecordingError.self) {
            try await Recording.read(path: path, earlier: EarlierRecording.poll)
        }
    }
}
