import ClusterModel
import ShardClient
import ShardCore
import Testing

@testable import Dashboard

@Suite struct ReplayedModelTests {
    /// What one sees who plays to that time in small steps, and never goes back.
    private func straight(_ recording: Recording, to milliseconds: UInt64) -> DashboardModel {
        var replayed = ReplayedModel(recording)
        for time in stride(from: recording.times[0], to: milliseconds, by: 137) {
            replayed.move(toMilliseconds: time)
        }
        replayed.move(toMilliseconds: milliseconds)
        return replayed.model
    }

    @Test func howeverOneComesToATimeTheModelIsTheSame() async throws {
        let recording = try await RecordedFixture.recording()
        let start = recording.times[0]
        // Checkpoints so close together that they are thinned out.
        var replayed = ReplayedModel(recording, interval: 2, checkpointsMax: 4)
        var state: UInt64 = 7
        for _ in 0..<60 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let time = start + (state >> 33) % 10_000
            replayed.move(toMilliseconds: time)
            #expect(replayed.model == straight(recording, to: time), "at \(time - start) ms")
        }
    }

    @Test func itIsTheModelOfThePollsFedOneByOne() async throws {
        let polls = RecordedFixture.polls()
        var model = DashboardModel(name: "demo", isReadOnly: true)
        for poll in polls {
            if let events = poll.events { _ = model.reduce(.events(events)) }
            if let demo = poll.demo { _ = model.reduce(.demo(demo)) }
            model.pollMilliseconds = poll.pollMilliseconds ?? 0
            if let snapshot = poll.snapshot { _ = model.reduce(.snapshot(snapshot, .ofRecording(.full))) }
            _ = model.reduce(.tick(milliseconds: poll.atMilliseconds))
        }
        var replayed = ReplayedModel(try await RecordedFixture.recording(polls))
        replayed.move(toMilliseconds: polls[39].atMilliseconds)
        #expect(replayed.model == model)
        #expect(model.keysOfChange?.before == 10_000)
        #expect(model.shownChange?.isDone == true)
    }

    @Test func theScreenKeepsWhatTheUserChoseAndForgetsWhatHasNotHappenedYet() async throws {
        let recording = try await RecordedFixture.recording()
        var replayed = ReplayedModel(recording)
        var screen = DashboardModel(name: "demo", isReadOnly: true)
        func show(_ milliseconds: UInt64) {
            replayed.move(toMilliseconds: recording.times[0] + milliseconds)
            _ = screen.reduce(.replayed(ReplayMoment(watched: replayed.model, position: recording.position)))
        }
        show(9_750)
        for _ in 0..<2 { _ = screen.reduce(.key(.down)) }
        let chosen = screen.selected?.address
        _ = screen.reduce(.key(.character("t")))
        _ = screen.reduce(.key(.escape))
        #expect(screen.shownChange == nil)
        show(5_000)
        #expect(screen.selected?.address == chosen)
        #expect(screen.themeName == .light)
        #expect(screen.log.isEmpty, "the theme was changed later")
        #expect(screen.snapshot == replayed.model.snapshot)
        #expect(screen.nowMilliseconds == recording.times[0] + 5_000)
        show(9_750)
        #expect(screen.shownChange?.isDone == true, "what was put away comes again with its time")
    }
}
