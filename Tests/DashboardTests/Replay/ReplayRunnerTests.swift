import ClusterModel
import Foundation
import ShardClient
import ShardCore
import ShardWire
import Synchronization
import TerminalUI
import Testing

@testable import Dashboard

/// A cluster that always answers the same.
private struct StillSource: ClusterSource {
    var features: Features { get async { .full } }
    var outage: (any Error)? { get async { nil } }
    func snapshot() async -> Cluster { Cluster(Fixture.snapshot(layout: Fixture.two, keys: [5, 5])) }
    func events() async -> [ClusterModel.Event] { Fixture.events }
    func plan(_ goal: Goal) async throws -> Plan { Plan(Fixture.plan) }
    func perform(_ goal: Goal, seen plan: Plan?) async throws {}
    func abort() async throws {}
    func setPace(keysPerSecond: Int?) async throws {}
    func step(_ order: StepOrder) async throws {}
    func locate(key: String) async throws -> KeyPlace { KeyPlace(Fixture.location, under: nil) }
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
        #expect(poll.snapshot == Cluster(Fixture.snapshot(layout: Fixture.two, keys: [5, 5])))
        #expect(poll.features == .full)
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
