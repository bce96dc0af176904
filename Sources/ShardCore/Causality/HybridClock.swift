/// A reading of the time, handed in with every event: the core itself reads no clock.
public struct Instant: Hashable, Sendable {
    /// Since any fixed point; never goes back.
    public let monotonicMicroseconds: UInt64
    /// Since 1970; may jump either way.
    public let wallMicroseconds: UInt64

    public init(monotonicMicroseconds: UInt64, wallMicroseconds: UInt64) {
        self.monotonicMicroseconds = monotonicMicroseconds
        self.wallMicroseconds = wallMicroseconds
    }

    /// Since 1970.
    public var wallMilliseconds: UInt64 { wallMicroseconds / 1_000 }

    /// True once `milliseconds` or more have passed since a monotonic time.
    func hasPassed(_ milliseconds: UInt64, since microseconds: UInt64) -> Bool {
        monotonicMicroseconds >= microseconds + milliseconds * 1_000
    }
}

/// Timestamps that follow the wall clock where it moves on, and go above every timestamp seen where it does not.
///
/// A timestamp is the wall time in microseconds in the upper 52 bits and a counter in the lower 12. Source of the
/// rule: Kulkarni et al., "Logical Physical Clocks", 2014.
public struct HybridClock: Sendable {
    /// The lead from which on a timestamp from outside is not believed.
    public static let leadMicrosecondsMax: UInt64 = 120_000_000
    /// The lead from which on it is taken for a forgery: a day. Less than that may be a cluster whose clocks
    /// were set, and that this node has still to follow.
    public static let forgedMicrosecondsMin: UInt64 = 86_400_000_000

    /// No timestamp from outside takes the clock further, so that it can always tick.
    private static let highest = Bounds.timestampMax

    public private(set) var last: UInt64 = 0

    public init() {}

    /// A timestamp above every one that this clock has given or observed.
    public mutating func tick(wallMicroseconds: UInt64) -> UInt64 {
        last = max(last + 1, stamp(wallMicroseconds))
        return last
    }

    /// Makes every later timestamp go above `timestamp`.
    public mutating func observe(_ timestamp: UInt64) {
        last = max(last, min(timestamp, Self.highest))
    }

    /// False for a timestamp so far ahead that a node with clocks like this one's cannot have given it.
    ///
    /// - Parameter extra: by how much it may go beyond all that; see ``ClockBudget``.
    public func isPlausible(_ timestamp: UInt64, wallMicroseconds: UInt64, beyondBy extra: UInt64 = 0) -> Bool {
        timestamp <= min(reach(wallMicroseconds: wallMicroseconds).saturating(adding: extra), Self.highest)
    }

    /// The highest timestamp that asks for no belief: one that this clock has passed, or whose clock is a little ahead.
    func reach(wallMicroseconds: UInt64) -> UInt64 {
        max(last, stamp(wallMicroseconds).saturating(adding: Self.leadMicrosecondsMax << 12))
    }

    /// True for a timestamp so far ahead that no node of this cluster can have given it.
    public func isForged(_ timestamp: UInt64, wallMicroseconds: UInt64) -> Bool {
        timestamp
            > min(
                max(last, stamp(wallMicroseconds)).saturating(adding: Self.forgedMicrosecondsMin << 12), Self.highest)
    }

    private func stamp(_ wallMicroseconds: UInt64) -> UInt64 {
        min(wallMicroseconds, Bounds.wallMicrosecondsMax) << 12
    }
}
