/// How many puts may be under way at once: one at first, more while answers come quickly, half as many where they do
/// not. So nodes that do one thing after another are not drowned, and quick ones are soon used fully.
struct LoadWindow {
    typealias Instant = ContinuousClock.Instant

    /// An answer within this time is quick, and one beyond the second time slow, whatever the others took.
    private static let quickMicroseconds: UInt64 = 50_000
    private static let slowMicrosecondsMin: UInt64 = 500_000
    /// So many times the shortest answer are quick, and slow, where the nodes are far or slow by themselves.
    private static let quickFactor: UInt64 = 4
    private static let slowFactor: UInt64 = 8
    private static let hesitationMax = 64

    let sizeMax: Int
    private(set) var size = 1
    /// Until something is slow, every quick answer makes room for one more: the size doubles with each round.
    private var isDoubling = true
    private var shortestMicroseconds: UInt64?
    private var shrunk: Instant?
    /// Quick answers since the size last changed.
    private var quickAnswers = 0
    /// Rounds of quick answers before the size grows by one. It doubles whenever that proved too much, so that nodes
    /// that stop at two puts at once are not stopped again and again.
    private var hesitation = 1

    init(max: Int) { sizeMax = Swift.max(1, max) }

    /// An answer that takes longer is slow.
    var slowMicroseconds: UInt64 {
        max(Self.slowMicrosecondsMin, (shortestMicroseconds ?? 0) * Self.slowFactor)
    }

    /// A put that began then was answered.
    mutating func answered(began: Instant, microseconds: UInt64, now: Instant) {
        let shortest = min(shortestMicroseconds ?? microseconds, microseconds)
        shortestMicroseconds = shortest
        if microseconds > slowMicroseconds { return shrink(began: began, now: now) }
        guard microseconds <= max(Self.quickMicroseconds, shortest * Self.quickFactor), size < sizeMax else { return }
        quickAnswers += 1
        if isDoubling || quickAnswers >= size * hesitation {
            size += 1
            quickAnswers = 0
        }
    }

    /// A put that began then failed for want of an answer, was told to come later, or waits too long. Those that were
    /// under way together count once.
    mutating func shrink(began: Instant, now: Instant) {
        if let shrunk, began < shrunk { return }
        shrunk = now
        size = max(1, size / 2)
        quickAnswers = 0
        if !isDoubling { hesitation = min(Self.hesitationMax, hesitation * 2) }
        isDoubling = false
    }
}
