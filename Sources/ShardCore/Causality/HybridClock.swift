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
}

/// Timestamps that follow the wall clock where it moves on, and go above every timestamp seen where it does not.
///
/// A timestamp is the wall time in microseconds in the upper 52 bits and a counter in the lower 12. Source of the
/// rule: Kulkarni et al., "Logical Physical Clocks", 2014.
public struct HybridClock: Sendable {
    /// How far a timestamp from outside may be ahead before it is not believed.
    public static let leadMicrosecondsMax: UInt64 = 120_000_000
    /// How far it may be ahead before it is taken for a forgery: a day. Less than that may be a cluster whose clocks
    /// were set, and that this node has still to follow.
    public static let forgedMicrosecondsMin: UInt64 = 86_400_000_000

    public private(set) var last: UInt64 = 0

    public init() {}

    /// A timestamp above every one that this clock has given or observed.
    public mutating func tick(wallMicroseconds: UInt64) -> UInt64 {
        last = max(last + 1, stamp(wallMicroseconds))
        return last
    }

    /// Makes every later timestamp go above `timestamp`.
    public mutating func observe(_ timestamp: UInt64) {
        if timestamp > last { last = timestamp }
    }

    /// False for a timestamp so far ahead that a node with clocks like this one's cannot have given it.
    public func isPlausible(_ timestamp: UInt64, wallMicroseconds: UInt64) -> Bool {
        timestamp <= max(last, stamp(wallMicroseconds)) + Self.leadMicrosecondsMax << 12
    }

    /// True for a timestamp so far ahead that no node of this cluster can have given it.
    public func isForged(_ timestamp: UInt64, wallMicroseconds: UInt64) -> Bool {
        timestamp > max(last, stamp(wallMicroseconds)) + Self.forgedMicrosecondsMin << 12
    }

    private func stamp(_ wallMicroseconds: UInt64) -> UInt64 { wallMicroseconds << 12 }
}
