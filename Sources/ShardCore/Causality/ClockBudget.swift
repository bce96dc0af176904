/// How far what is heard may take the hybrid clock beyond what wall clocks bear out: two minutes, and as much again in
/// every hour. So one who says a little more each time cannot drive it.
///
/// Counted is only what goes beyond both the clock itself and ``HybridClock/leadMicrosecondsMax`` past the wall clocks.
/// Where the clock is far ahead of them, as after all of them were set back, that is one tick a write.
public struct ClockBudget: Sendable {
    /// In units of timestamps.
    private static let max = HybridClock.leadMicrosecondsMax << 12
    /// So much of the time that passes comes in: 120 s in an hour.
    private static let share: UInt64 = 30

    private var spent: UInt64 = 0
    private var countedMicroseconds: UInt64 = 0

    public init() {}

    /// What is left, in units of timestamps.
    public func left(_ now: Instant) -> UInt64 { Self.max - owed(now) }

    public mutating func spend(_ amount: UInt64, _ now: Instant) {
        spent = min(Self.max, owed(now).saturating(adding: amount))
        countedMicroseconds = now.monotonicMicroseconds
    }

    private func owed(_ now: Instant) -> UInt64 {
        let elapsed = min(now.monotonicMicroseconds - countedMicroseconds, 1 << 48)
        let back = (elapsed << 12) / Self.share
        return spent > back ? spent - back : 0
    }
}
