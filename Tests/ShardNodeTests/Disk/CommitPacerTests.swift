import Testing

@testable import ShardNode

@Suite(.timeLimit(.minutes(10))) struct CommitPacerTests {
    /// A commit of `changes` that took 4 ms and ended at 10 ms.
    private func pacer(changes: Int, waiting: Int) -> CommitPacer {
        var pacer = CommitPacer()
        pacer.ended(changes: changes, waiting: waiting, tookMicroseconds: 4_000, nowMicroseconds: 10_000)
        return pacer
    }

    @Test func whoWasJustAnsweredIsWaitedForAMoment() {
        var pacer = pacer(changes: 16, waiting: 16)
        #expect(pacer.delayMicroseconds(waiting: 16, nowMicroseconds: 10_100) == 900)
        #expect(pacer.delayMicroseconds(waiting: 31, nowMicroseconds: 10_600) == 400)
        #expect(pacer.delayMicroseconds(waiting: 32, nowMicroseconds: 10_700) == 0)
        #expect(pacer.delayMicroseconds(waiting: 31, nowMicroseconds: 11_000) == 0)
    }

    @Test func oneClientAloneNeverWaits() {
        var pacer = pacer(changes: 1, waiting: 0)
        #expect(pacer.delayMicroseconds(waiting: 1, nowMicroseconds: 10_000) == 0)
    }

    @Test func aMomentInVainIsNotTriedAgainSoon() {
        var pacer = pacer(changes: 16, waiting: 16)
        #expect(pacer.delayMicroseconds(waiting: 16, nowMicroseconds: 11_000) == 0)
        for _ in 0..<49 {
            pacer.ended(changes: 16, waiting: 16, tookMicroseconds: 4_000, nowMicroseconds: 20_000)
            #expect(pacer.delayMicroseconds(waiting: 16, nowMicroseconds: 20_000) == 0)
        }
        pacer.ended(changes: 16, waiting: 16, tookMicroseconds: 4_000, nowMicroseconds: 30_000)
        #expect(pacer.delayMicroseconds(waiting: 16, nowMicroseconds: 30_000) == 1_000)
    }

    @Test func theMomentIsShortHoweverSlowTheDiskIs() {
        var pacer = CommitPacer()
        pacer.ended(changes: 8, waiting: 8, tookMicroseconds: 900_000, nowMicroseconds: 1_000_000)
        #expect(pacer.delayMicroseconds(waiting: 8, nowMicroseconds: 1_000_000) == 2_000)
    }
}
