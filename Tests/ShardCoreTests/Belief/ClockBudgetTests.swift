import Testing

@testable import ShardCore

@Suite struct ClockBudgetTests {
    private static let noon: UInt64 = 1_700_000_000_000_000
    private var time = ReplicaTime(instant(0))

    private static func instant(_ seconds: UInt64) -> Instant {
        Instant(
            monotonicMicroseconds: 1_000_000 + seconds * 1_000_000, wallMicroseconds: noon + seconds * 1_000_000)
    }

    private var leadSeconds: Int64 {
        (Int64(time.clock.last >> 12) - Int64(time.wall.microseconds(at: time.now))) / 1_000_000
    }

    /// Contexts that each say as much as is believed.
    private mutating func drive(_ times: Int) {
        for _ in 0..<times {
            let timestamp = time.clock.last.saturating(adding: 110_000_000 << 12)
            if time.mayFollow(timestamp, of: .contexts) { time.follow(timestamp, of: .contexts) }
        }
    }

    @Test mutating func contextsThatAreEachALittleAheadDoNotDriveTheClock() {
        _ = time.clock.tick(wallMicroseconds: Self.noon)
        drive(76)
        #expect((100...240).contains(leadSeconds), "\(leadSeconds) s ahead")
    }

    @Test mutating func anHourGivesAsMuchAgainAndNoMore() {
        _ = time.clock.tick(wallMicroseconds: Self.noon)
        for hour in 0...5 as ClosedRange<UInt64> {
            time.set(Self.instant(hour * 3_600))
            drive(100)
            #expect(leadSeconds <= 240)
        }
    }

    /// As after the wall clocks of all nodes were set back.
    @Test mutating func aClockFarAheadOfTheWallFollowsItsOwnClusterOn() {
        let far = (Self.noon + 86_400_000_000 * 365) << 12
        time.clock.observe(far)
        for tick in 1...100_000 as ClosedRange<UInt64> {
            #expect(time.mayFollow(far + tick, of: .contexts))
            time.follow(far + tick, of: .contexts)
        }
        #expect(time.clock.last == far + 100_000)
    }

    @Test mutating func whatOthersSayHasABudgetOfItsOwn() {
        _ = time.clock.tick(wallMicroseconds: Self.noon)
        drive(76)
        let step = time.clock.last + 100_000_000 << 12
        #expect(!time.mayFollow(step, of: .contexts))
        #expect(time.mayFollow(step, of: .peers))
    }
}
