/// The time of day by this node's wall clock, as far as its peers bear it out.
///
/// Kept as the distance to the monotonic clock, so that a jump of the wall clock is seen before anything is stamped
/// with it: between two calls of ``follow(now:peerOffsetsMicroseconds:)`` time passes as the monotonic clock says.
struct WallEstimate: Sendable {
    /// The error from which on a node's own wall clock gives way to the others'.
    static let skewMicrosecondsMax: Int64 = 60_000_000

    /// Wall clock less monotonic clock.
    private var offsetMicroseconds: Int64

    init(now: Instant) { offsetMicroseconds = Self.offset(of: now.wallMicroseconds, at: now) }

    /// `wallMicroseconds` less the monotonic clock at the same moment.
    static func offset(of wallMicroseconds: UInt64, at now: Instant) -> Int64 {
        Int64(clamping: wallMicroseconds) - Int64(clamping: now.monotonicMicroseconds)
    }

    /// Follows the own wall clock where it is close to the median of all, this node's included; else that median.
    ///
    /// Of two in the middle the earlier one counts, so that one clock that runs ahead never decides. Who hears nobody
    /// follows no jump.
    mutating func follow(now: Instant, peerOffsetsMicroseconds offsets: [Int64]) {
        let own = Self.offset(of: now.wallMicroseconds, at: now)
        let sorted = (offsets + [own]).sorted()
        let reference = offsets.isEmpty ? offsetMicroseconds : sorted[(sorted.count - 1) / 2]
        offsetMicroseconds = abs(own - reference) <= Self.skewMicrosecondsMax ? own : reference
    }

    func microseconds(at now: Instant) -> UInt64 {
        UInt64(max(0, Int64(clamping: now.monotonicMicroseconds) + offsetMicroseconds))
    }
}
