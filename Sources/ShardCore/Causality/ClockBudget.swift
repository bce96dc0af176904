/// Bounds how far timestamps from outside may take the hybrid clock beyond what wall clocks support: two minutes, and
/// as much again in every hour. So a sender whose timestamps creep ahead a little each time cannot drive the clock.
///
/// Only time beyond both the clock itself and ``HybridClock/leadMicrosecondsMax`` past the wall clocks counts. If the
/// clock is far ahead of them, as after all of them were set back, that is one tick a write.
public struct ClockBudget: Sendable {
    /// In units of timestamps.
    private static let max = HybridClock.leadMicrosecondsMax << 12
    /// The divisor of the time that passes: a thirtieth of it comes back into the budget, 120 s in an hour.
    private static let share: UInt64 = 30

    private var spent: UInt64 = 0
    private var countedMicroseconds: UInt64 = 0

    public init() {}

    /// The rest of the budget, in units of timestamps.
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
