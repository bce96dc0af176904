import Testing

@testable import ShardCore

@Suite struct OwnStartTests {
    private var own = OwnStart(incarnation: 10, draw: 0)

    private mutating func hear(_ start: UInt64, silent: UInt64, atSeconds seconds: UInt64 = 1) -> OwnStart.Finding {
        own.hear(
            ofStart: start, silentMilliseconds: silent, silenceMillisecondsMax: 2_000,
            Instant(monotonicMicroseconds: seconds * 1_000_000, wallMicroseconds: 0))
    }

    @Test mutating func aStartAfterALaterOneThatIsOverGoesOnAboveIt() {
        #expect(hear(50, silent: 2_000) == .raised)
        #expect(own.incarnation == 51)
        #expect(hear(50, silent: 9_000) == .nothing, "it is above that now")
    }

    /// Its last messages may be under way for a while.
    @Test mutating func aLaterStartThatWasHeardJustNowIsWaitedFor() {
        #expect(hear(50, silent: 10, atSeconds: 1) == .nothing)
        #expect(hear(50, silent: 900, atSeconds: 2) == .nothing)
        #expect(hear(50, silent: 2_100, atSeconds: 3) == .raised)
    }

    @Test mutating func oneThatGoesOnToBeHeardIsAnotherProcessAndThisOneYields() {
        #expect(hear(50, silent: 10, atSeconds: 1) == .nothing)
        #expect(hear(50, silent: 100, atSeconds: 5) == .nothing)
        #expect(hear(50, silent: 50, atSeconds: 6) == .yielded)
        #expect(own.hasYielded)
        #expect(hear(50, silent: 5_000, atSeconds: 9) == .nothing, "who has yielded does not come back")
    }

    /// Its peers tell of it before the earlier process gives way, and once.
    @Test func twoStartsThatGoOnToBeHeardAreToldOfByWhoHearsThem() {
        func at(_ milliseconds: UInt64) -> Instant {
            Instant(monotonicMicroseconds: milliseconds * 1_000, wallMicroseconds: 0)
        }
        var latest = PeerPresence(at(0))
        var told: [UInt64] = []
        for milliseconds in stride(from: UInt64(250), through: 9_000, by: 250) {
            latest.hear(at(milliseconds))
            if latest.hearEarlierStart(silenceMillisecondsMax: 2_000, at(milliseconds)) { told.append(milliseconds) }
        }
        #expect(told == [4_250])
    }

    @Test func anEarlierStartWhoseLastWordsAreLateIsNoSecondProcess() {
        var latest = PeerPresence(Instant(monotonicMicroseconds: 0, wallMicroseconds: 0))
        func hearEarlierStart(atSeconds seconds: UInt64) -> Bool {
            latest.hearEarlierStart(
                silenceMillisecondsMax: 2_000, Instant(monotonicMicroseconds: seconds * 1_000_000, wallMicroseconds: 0))
        }
        #expect(!hearEarlierStart(atSeconds: 1))
        // The latest is silent now: which of the two lives is not known.
        #expect(!hearEarlierStart(atSeconds: 6))
        latest.hear(Instant(monotonicMicroseconds: 6_000_000, wallMicroseconds: 0))
        #expect(!hearEarlierStart(atSeconds: 7), "it counts from the first again")
    }

    @Test mutating func aNumberThatNoStartCanHaveIsNotBelieved() {
        #expect(hear(.max, silent: 5_000) == .nothing)
        #expect(own.incarnation == 10)
    }
}
