/// A reading of the time, handed in with every event: the core itself reads no clock.
public struct Instant: Hashable, Sendable {
    /// Since any fixed point; never goes back.
    public let monotonicMicroseconds: UInt64
    /// Since 1970; may jump either way.
    public let wallMilliseconds: UInt64

    public init(monotonicMicroseconds: UInt64, wallMilliseconds: UInt64) {
        self.monotonicMicroseconds = monotonicMicroseconds
        self.wallMilliseconds = wallMilliseconds
    }
}

/// Timestamps that follow the wall clock where it moves on, and go above every timestamp seen where it does not.
///
/// A timestamp is the wall time in milliseconds in the upper 48 bits and a counter in the lower 16. Source of the
/// rule: Kulkarni et al., "Logical Physical Clocks", 2014.
public struct HybridClock: Sendable {
    public private(set) var last: UInt64 = 0

    public init() {}

    /// A timestamp above every one that this clock has given or observed.
    public mutating func tick(wallMilliseconds: UInt64) -> UInt64 {
        last = max(last + 1, wallMilliseconds << 16)
        return last
    }

    /// Makes every later timestamp go above `timestamp`.
    public mutating func observe(_ timestamp: UInt64) {
        last = max(last, timestamp)
    }
}
