import Testing

@testable import ShardNode

@Suite(.timeLimit(.minutes(10))) struct ForcePacerTests {
    /// Commits every 20 ms from 10 s on; returns when those began that were forced.
    private func forced(_ pacer: inout ForcePacer, seconds: UInt64) -> [UInt64] {
        stride(from: 10_000_000, to: 10_000_000 + seconds * 1_000_000, by: 20_000).filter { now in
            let isForced = pacer.isDue(nowMicroseconds: now)
            pacer.committed(isForced: isForced, beganMicroseconds: now)
            return isForced
        }
    }

    @Test func ofCommitsThatNeverCeaseOneInASecondIsForced() {
        var pacer = ForcePacer()
        let times = forced(&pacer, seconds: 4)
        #expect(times == [11_000_000, 12_020_000, 13_040_000])
    }

    @Test func whatIsForcedAnywayPutsTheNextOff() {
        var pacer = ForcePacer()
        pacer.committed(isForced: false, beganMicroseconds: 0)
        #expect(pacer.dueMicroseconds == 1_000_000)
        pacer.committed(isForced: true, beganMicroseconds: 900_000)
        #expect(pacer.dueMicroseconds == nil, "the disk has everything")
        pacer.committed(isForced: false, beganMicroseconds: 950_000)
        #expect(!pacer.isDue(nowMicroseconds: 1_949_999))
        #expect(pacer.isDue(nowMicroseconds: 1_950_000))
    }
}
