import Foundation
import HostSystem
import Testing

@Suite struct SteadyClockTests {
    private final class Time: @unchecked Sendable {
        // Of one task alone.
        var now = ContinuousClock.now
    }

    @Test func itGoesOnFromTheWallClocksTimeByWhatHasPassed() {
        let time = Time()
        let clock = SteadyClock(startMilliseconds: 1_700_000_000_000, now: { time.now })
        #expect(clock.nowMilliseconds == 1_700_000_000_000)
        time.now += .milliseconds(1_500)
        #expect(clock.nowMilliseconds == 1_700_000_001_500)
        time.now += .seconds(86_400)
        #expect(clock.nowMilliseconds == 1_700_086_401_500)
    }

    @Test func itNeverGoesBeforeItsBeginning() {
        let time = Time()
        let clock = SteadyClock(startMilliseconds: 5, now: { time.now })
        time.now -= .seconds(9)
        #expect(clock.nowMilliseconds == 5)
    }
}
