/// When the next commit may begin: a moment after the last one, so that those who were answered by it and write again are
/// in the next one rather than in the one after.
///
/// Without it clients fall into two groups that wait for each other's commits, each of which costs nearly as much as one
/// for all. Where a moment does not bring them together, as on a disk that is quicker than they are, there is none for a
/// while.
struct CommitPacer {
    /// Of the time that the last commit took.
    private static let share: UInt64 = 4
    private static let microsecondsMax: UInt64 = 2_000
    /// Commits without a moment before them, after one that was in vain.
    private static let pauseCommits = 50

    /// The changes that came together last.
    private var expected = 0
    private var readyMicroseconds: UInt64 = 0
    private var pause = 0

    /// A commit ended.
    ///
    /// - Parameter changes: that were in it.
    /// - Parameter waiting: that came meanwhile.
    mutating func ended(changes: Int, waiting: Int, tookMicroseconds: UInt64, nowMicroseconds: UInt64) {
        expected = changes + waiting
        readyMicroseconds = nowMicroseconds + min(tookMicroseconds / Self.share, Self.microsecondsMax)
        if pause > 0 { pause -= 1 }
    }

    /// How long to wait for more; 0 where as many are there as came together last, or the moment is over.
    mutating func delayMicroseconds(waiting: Int, nowMicroseconds: UInt64) -> UInt64 {
        guard pause == 0, waiting < expected else { return 0 }
        guard nowMicroseconds >= readyMicroseconds else { return readyMicroseconds - nowMicroseconds }
        // Few of those who could have come did.
        if waiting * 4 < expected * 3 { pause = Self.pauseCommits }
        return 0
    }
}
