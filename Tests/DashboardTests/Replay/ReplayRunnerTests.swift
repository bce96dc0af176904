import Foundation
import ShardCore
import ShardWire
import Synchronization
import TerminalUI
import Testing

@testable import Dashboard

/// A cluster that always answers the same.
private struct StillSource: ClusterSource {
    var capabilities: ClusterCapabilities { .full }
    func snapshot() async -> ClusterSnapshot { Fixture.snapshot(layout: Fixture.two, keys: [5, 5]) }
    func events() async -> [ClusterEvent] { Fixture.events }
    func planReshard(shardCount: Int) async throws -> ReshardPlan { Fixture.plan }
    func reshard(shardCount: Int, isStepped: Bool) async throws {}
    func stepReshard(_ command: StepCommand) async throws {}
    func abortReshard() async throws {}
    func addMember(_ address: NodeAddress, shard: ShardID) async throws {}
    func locate(key: String) async throws -> KeyLocation { Fixture.location }
}

@MainActor @Suite struct ReplayRunnerTests {
    @Test func aRecordingIsPlayedSteppedAndLeft() async throws {
        let screen = FakeScreen()
        screen.size = Size(width: 120, height: 35)
        let player = ReplayPlayer(try await RecordedFixture.recording(), realMilliseconds: { 0 })
        let runner = DashboardRunner(replay: player, screen: screen, isASCII: false)
        let running = Task { await runner.run() }
        await screen.next("replay ▶ 1x 0:00")
        screen.press(.character("$"))
        await screen.next("3 shards")
        screen.press(.character("["))
        await screen.next("2 shards")
        screen.press(.character("r"))
        await screen.next("a recording cannot be changed")
        screen.press(.character("q"))
        #expect(await running.value == .quit)
    }

    @Test func whatTheDashboardIsFedIsRecordedWithItsClock() async throws {
        let path = RecordedFixture.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recorder = try Recorder(path: path, header: RecordedFixture.header)
        let screen = FakeScreen()
        let runner = DashboardRunner(
            source: StillSource(), screen: screen, isASCII: false, name: "demo", recorder: recorder,
            nowMilliseconds: { Fixture.start + 5 })
        let running = Task { await runner.run() }
        await screen.next("rec live")
        screen.press(.character("q"))
        _ = await running.value
        _ = await recorder.finish()
        let recording = try await Recording.read(path: path)
        #expect(recording.times[0] == Fixture.start + 5)
        let poll = recording.poll(0)
        #expect(poll.events == Fixture.events)
        #expect(poll.snapshot == Fixture.snapshot(layout: Fixture.two, keys: [5, 5]))
        #expect(poll.capabilities == .full)
        #expect(poll.demo == nil)
    }

    @Test func aRecordingThatEndsEarlyIsSaidAndHarmsNothing() async throws {
        let path = RecordedFixture.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recorder = try Recorder(path: path, header: RecordedFixture.header, bytesMax: 200)
        let screen = FakeScreen()
        let runner = DashboardRunner(
            source: StillSource(), screen: screen, isASCII: false, name: "demo", recorder: recorder)
        let running = Task { await runner.run() }
        await screen.next("recording ended: the recording has reached its bound")
        await screen.next("6/6 nodes up")
        #expect(!screen.frames[screen.frames.count - 1].text.contains("rec live"))
        screen.press(.character("q"))
        #expect(await running.value == .quit)
        #expect(await recorder.finish().polls == 0)
    }
}
