import ClusterModel
import Dashboard
import Foundation
import ShardClient
import ShardWire

/// Recordings of version 1, which held what each shardnode said, and nothing of other engines.
enum EarlierRecording {
    private struct Poll: Decodable {
        var at: UInt64
        var events: [ClusterEvent]?
        var demo: DemoState?
        var readBack: RecordedPoll.ReadBack?
        var poll: UInt64?
        var capabilities: ClusterCapabilities?
        var snapshot: ClusterSnapshot?
    }

    /// The poll of a line.
    @Sendable
    static func poll(_ line: Data) throws -> RecordedPoll {
        let earlier = try JSONDecoder().decode(Poll.self, from: line)
        var poll = RecordedPoll(atMilliseconds: earlier.at)
        poll.events = earlier.events?.map { Event($0) }
        poll.demo = earlier.demo
        poll.readBack = earlier.readBack
        poll.pollMilliseconds = earlier.poll
        poll.features = earlier.capabilities.map { Features($0) }
        poll.snapshot = earlier.snapshot.map { Cluster($0) }
        return poll
    }
}
