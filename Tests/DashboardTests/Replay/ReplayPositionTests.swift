import Testing

@testable import Dashboard

@Suite struct ReplayPositionTests {
    private func position() -> ReplayPosition {
        ReplayPosition(polls: [100, 1_000, 2_000, 30_000], durationMilliseconds: 40_000)
    }

    @Test func itBeginsAtTheFirstPollAndPlays() {
        var position = position()
        #expect(position.milliseconds == 100)
        position.advance(byMilliseconds: 250)
        #expect(position.milliseconds == 350)
    }

    @Test func theSpeedIsSteppedWithinItsBounds() {
        var position = position()
        for _ in 0..<9 { position.obey(.quicker) }
        #expect(position.speedInQuarters == 64)
        position.advance(byMilliseconds: 10)
        #expect(position.milliseconds == 260)
        for _ in 0..<9 { position.obey(.slower) }
        #expect(position.speedInQuarters == 1)
        for _ in 0..<8 { position.advance(byMilliseconds: 1) }
        #expect(position.milliseconds == 262, "no part of a millisecond is lost")
    }

    @Test func aPauseLetsNoTimePass() {
        var position = position()
        position.obey(.pauseOrGoOn)
        position.advance(byMilliseconds: 5_000)
        #expect(position.milliseconds == 100)
        position.obey(.pauseOrGoOn)
        position.advance(byMilliseconds: 5_000)
        #expect(position.milliseconds == 5_100)
    }

    @Test func stepsGoFromPollToPollAndPause() {
        var position = position()
        var places: [UInt64] = []
        for command in [ReplayOrder.stepForward, .stepForward, .stepForward, .stepForward, .stepForward] {
            position.obey(command)
            places.append(position.milliseconds)
        }
        for _ in 0..<5 {
            position.obey(.stepBack)
            places.append(position.milliseconds)
        }
        #expect(places == [1_000, 2_000, 30_000, 40_000, 40_000, 30_000, 2_000, 1_000, 100, 100])
        #expect(!position.isPlaying)
    }

    @Test func scrubbingStaysInsideAndGoesOnPlaying() {
        var position = position()
        position.obey(.scrub(seconds: 10))
        #expect(position.milliseconds == 10_100)
        position.obey(.scrub(seconds: 600))
        #expect(position.milliseconds == 40_000)
        position.obey(.scrub(seconds: -10))
        #expect(position.milliseconds == 30_000)
        position.obey(.scrub(seconds: -600))
        #expect(position.milliseconds == 100)
        #expect(position.isPlaying)
        position.obey(.toEnd)
        #expect(position.isAtEnd)
        position.obey(.toStart)
        #expect(position.milliseconds == 100)
    }

    @Test func atTheEndItStopsAndThenBeginsAnew() {
        var position = position()
        position.advance(byMilliseconds: 1_000_000)
        #expect(position.isAtEnd)
        #expect(!position.isPlaying)
        position.obey(.pauseOrGoOn)
        #expect(position.milliseconds == 100)
        #expect(position.isPlaying)
    }

    @Test func aLoopShowsTheEndBeforeItBeginsAnew() {
        var position = position()
        position.obey(.loop)
        position.advance(byMilliseconds: 1_000_000)
        #expect(position.isAtEnd)
        #expect(position.isPlaying)
        position.advance(byMilliseconds: 50)
        #expect(position.milliseconds == 100)
        position.obey(.loop)
        position.advance(byMilliseconds: 1_000_000)
        #expect(!position.isPlaying)
    }

    @Test func aRecordingOfOneMomentIsAtBothEnds() {
        var position = ReplayPosition(polls: [0], durationMilliseconds: 0)
        for command in [ReplayOrder.loop, .stepBack, .stepForward, .pauseOrGoOn, .scrub(seconds: -10), .toEnd] {
            position.obey(command)
            position.advance(byMilliseconds: 50)
            #expect(position.milliseconds == 0)
        }
    }
}
