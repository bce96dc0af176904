import ClusterModel
import Foundation
import ShardClient
import ShardCore
import ShardWire

@testable import Dashboard

/// Recordings made by hand: a reshard under traffic, with events, as a dashboard would have polled it.
enum RecordedFixture {
    static let header = RecordingHeader(program: "0.1.0", name: "demo")

    /// - Parameter count: a poll every 250 ms; the reshard runs in the middle half.
    static func polls(_ count: Int = 40) -> [RecordedPoll] {
        (0..<count).map { number in
            let at = Fixture.start + UInt64(number) * 250
            var poll = RecordedPoll(atMilliseconds: at)
            if number.isMultiple(of: 5) {
                poll.events = [
                    ClusterModel.Event(
                        sequence: UInt64(number), milliseconds: at, kind: .serving, node: Fixture.node(1),
                        text: "event \(number)", recordedBy: Fixture.node(1))
                ]
            }
            poll.demo = DemoState(
                traffic: number > 4 ? ClientTraffic(operationsPerSecond: Double(100 + number)) : nil,
                loading: number < 3 ? .init(done: number, total: 3) : nil)
            poll.pollMilliseconds = number < 20 ? 1_000 : 500
            // Some polls are overtaken by the next.
            if number % 7 == 6 { return poll }
            poll.features = .full
            poll.snapshot = Cluster(snapshot(number, of: count, at: at))
            return poll
        }
    }

    private static func snapshot(_ number: Int, of count: Int, at milliseconds: UInt64) -> ClusterSnapshot {
        let share = Double(number - count / 4) / Double(max(1, count / 2))
        var reshard: ReshardProgress?
        if share >= 0 {
            reshard = Fixture.reshard(
                share < 0.3 ? .collate : share < 0.5 ? .rebalance : share < 1 ? .broadcast : .done)
            for index in reshard?.collated.indices ?? 0..<0 where share < 0.3 {
                reshard?.collated[index].keys = Int(share * 10_000)
            }
            for index in reshard?.parts.indices ?? 0..<0 { reshard?.parts[index].sent = Int(share * 1_700) }
        }
        let isOver = share >= 1
        return Fixture.snapshot(
            layout: isOver ? Fixture.three : Fixture.two, keys: isOver ? [3_392, 3_301, 3_307] : [5_013, 4_987],
            reshard: reshard, epoch: isOver ? 2 : 1, operations: Double(number), at: milliseconds)
    }

    static func lines(_ polls: [RecordedPoll] = polls()) throws -> [String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return [String(decoding: try encoder.encode(header), as: UTF8.self)]
            + (try polls.map { String(decoding: try encoder.encode($0), as: UTF8.self) })
    }

    static func recording(_ polls: [RecordedPoll] = polls()) async throws -> Recording {
        try await read(try lines(polls).joined(separator: "\n") + "\n")
    }

    static func read(_ text: String) async throws -> Recording {
        try await Recording(Data(text.utf8), path: "r.rec", lineBytesMax: 100_000)
    }

    /// A name in the temporary folder that no file has.
    static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("recording-\(UUID()).rec").path
    }
}
