/// Decides when the next commit may begin: a moment after the last one, so that clients that were answered by it and
/// write again are in the next commit rather than in the one after.
///
/// Without that moment, clients fall into two groups that wait for each other's commits, each of which costs nearly as
/// much as one commit for all. If the moment does not bring them together, as on a disk that is quicker than they are,
/// it is skipped for a while.
struct CommitPacer {
    /// The moment is the time that the last commit took, divided by this.
    private static let share: UInt64 = 4
    private static let microsecondsMax: UInt64 = 2_000
    /// The number of commits without the moment after it was in vain once.
    private static let pauseCommits = 50

    /// The number of changes that came together last.
    private var expected = 0
    private var readyMicroseconds: UInt64 = 0
    private var pause = 0

    /// Notes that a commit ended.
    ///
    /// - Parameter changes: the number of changes in it.
    /// - Parameter waiting: the number of changes that came meanwhile.
    mutating func ended(changes: Int, waiting: Int, tookMicroseconds: UInt64, nowMicroseconds: UInt64) {
        expected = changes + waiting
        readyMicroseconds = nowMicroseconds + min(tookMicroseconds / Self.share, Self.microsecondsMax)
        if pause > 0 { pause -= 1 }
    }

    /// Returns how long to wait for more; 0 if as many wait as came together last, or if the moment is over.
    mutating func delayMicroseconds(waiting: Int, nowMicroseconds: UInt64) -> UInt64 {
        guard pause == 0, waiting < expected else { return 0 }
        guard nowMicroseconds >= readyMicroseconds else { return readyMicroseconds - nowMicroseconds }
        // Few of the expected changes came.
        if waiting * 4 < expected * 3 { pause = Self.pauseCommits }
        return 0
    }
}
