import Testing

@testable import ShardCore

@Suite struct CausalityTests {
    private func origin(_ number: Int, epoch: UInt64 = 1) -> Origin {
        Origin(node: NodeAddress("h:\(number)")!, incarnation: 7, epoch: epoch)
    }

    @Test func raisingNeverLowers() {
        var vector = VersionVector()
        vector.raise(origin(1), to: 5)
        vector.raise(origin(1), to: 3)
        vector.raise(origin(2), to: 0)
        #expect(vector[origin(1)] == 5)
        #expect(vector.count == 1)
    }

    @Test func theOrderOfRaisesLeavesNoTrace() {
        var one = VersionVector()
        var other = VersionVector()
        for number in [3, 1, 2] { one.raise(origin(number), to: UInt64(number)) }
        for number in [2, 3, 1] { other.raise(origin(number), to: UInt64(number)) }
        #expect(one == other)
        #expect(one.elements.map(\.origin) == [1, 2, 3].map { origin($0) })
    }

    @Test func howManyOriginsThereAreMakesNoDifference() {
        for count in [1, 11, 12, 13, 63, 64, 65, 200] {
            var vector = VersionVector()
            for number in (1...count).reversed() { vector.raise(origin(number), to: UInt64(number)) }
            #expect(vector.elements.map(\.origin) == (1...count).map { origin($0) }.sorted())
            #expect((1...count).allSatisfy { vector[origin($0)] == UInt64($0) })
            #expect(vector[origin(count + 1)] == 0)
            let odd = vector.filter { $0.counter % 2 == 1 }
            #expect(odd.elements == vector.elements.filter { $0.counter % 2 == 1 })
            #expect(vector.filter { _ in true } == vector && vector.filter { _ in false }.isEmpty)
        }
    }

    @Test func onlyWhatIsAfterAllOthersIsAppended() {
        var vector = VersionVector()
        let appended = [(1, 1), (2, 1), (3, 1), (3, 2), (2, 9), (4, 0), (5, 1)].map { number, counter in
            vector.append(origin(number), counter: UInt64(counter))
        }
        #expect(appended == [true, true, true, false, false, false, true])
        #expect(vector.elements.map(\.counter) == [1, 1, 1, 1])
    }

    @Test func aMergeCoversBothAndNoMore() {
        let one = VersionVector([Dot(origin: origin(1), counter: 5), Dot(origin: origin(2), counter: 1)])
        let other = VersionVector([Dot(origin: origin(2), counter: 4), Dot(origin: origin(3), counter: 2)])
        let both = one.merging(other)
        #expect(both.covers(one) && both.covers(other))
        #expect(both[origin(1)] == 5 && both[origin(2)] == 4 && both[origin(3)] == 2)
        #expect(!one.covers(other) && !other.covers(one))
        #expect(both == other.merging(one))
    }

    @Test func aClockGoesAboveAllItGaveAndSaw() {
        var clock = HybridClock()
        let first = clock.tick(wallMicroseconds: 1_000)
        #expect(clock.tick(wallMicroseconds: 1_000) > first)
        #expect(clock.tick(wallMicroseconds: 5) > first, "a wall clock that jumped back changes nothing")
        clock.observe(1 << 40)
        #expect(clock.tick(wallMicroseconds: 6) > 1 << 40)
    }

    @Test func noTimestampFromOutsideStopsTheClock() {
        var clock = HybridClock()
        clock.observe(.max)
        let first = clock.tick(wallMicroseconds: 5)
        #expect(clock.tick(wallMicroseconds: 5) > first)
        #expect(!clock.isPlausible(.max, wallMicroseconds: 5))
        #expect(clock.isForged(.max, wallMicroseconds: 5))
    }

    @Test func aTimestampFarAheadIsNotPlausible() {
        let clock = HybridClock()
        let now: UInt64 = 1_700_000_000_000_000
        #expect(clock.isPlausible((now + 60_000_000) << 12, wallMicroseconds: now))
        #expect(!clock.isPlausible((now + 600_000_000) << 12, wallMicroseconds: now))
    }

    @Test func onlyATimestampAheadByMoreThanADayIsAForgery() {
        let clock = HybridClock()
        let now: UInt64 = 1_700_000_000_000_000
        #expect(!clock.isForged((now + 600_000_000) << 12, wallMicroseconds: now))
        #expect(clock.isForged((now + 90_000_000_000) << 12, wallMicroseconds: now))
    }

    private let noon: UInt64 = 1_700_000_000_000_000

    private func instant(_ monotonic: UInt64, wall: UInt64) -> Instant {
        Instant(monotonicMicroseconds: monotonic, wallMicroseconds: wall)
    }

    @Test func aWallClockFarFromItsPeersFollowsTheirMedian() {
        let now = instant(1_000, wall: noon)
        var wall = WallEstimate(now: now)
        for off in [-300_000_000, 300_000_000] as [Int64] {
            let peers = Int64(noon) - 1_000 + off
            wall.follow(now: now, peerOffsetsMicroseconds: [peers, peers + 100, peers + 1_000_000])
            #expect(abs(Int64(wall.microseconds(at: now)) - Int64(noon) - off) <= 1_000_000)
        }
        wall.follow(now: now, peerOffsetsMicroseconds: [Int64(noon) - 1_000 - 20_000_000])
        #expect(wall.microseconds(at: now) == noon)
    }

    @Test func ofTwoClocksTheEarlierOneCounts() {
        var wall = WallEstimate(now: instant(0, wall: noon))
        wall.follow(now: instant(0, wall: noon), peerOffsetsMicroseconds: [Int64(noon) - 600_000_000])
        #expect(wall.microseconds(at: instant(0, wall: noon)) == noon - 600_000_000)
        var behind = WallEstimate(now: instant(0, wall: noon))
        behind.follow(now: instant(0, wall: noon), peerOffsetsMicroseconds: [Int64(noon) + 600_000_000])
        #expect(behind.microseconds(at: instant(0, wall: noon)) == noon)
    }

    @Test func aJumpIsNotFollowedBeforePeersBearItOut() {
        var wall = WallEstimate(now: instant(0, wall: noon))
        let jumped = instant(1_000_000, wall: noon + 900_000_000)
        #expect(wall.microseconds(at: jumped) == noon + 1_000_000)
        wall.follow(now: jumped, peerOffsetsMicroseconds: [])
        #expect(wall.microseconds(at: jumped) == noon + 1_000_000)
    }
}
