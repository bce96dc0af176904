/// Keeps something from being done more often than every so many milliseconds.
struct Pause: Sendable {
    private let microseconds: UInt64
    private var lastMicroseconds: UInt64?

    init(milliseconds: UInt64) { microseconds = milliseconds * 1_000 }

    /// - Returns: true if it is over; then the next one begins.
    mutating func end(_ now: Instant) -> Bool {
        if let lastMicroseconds, now.monotonicMicroseconds < lastMicroseconds + microseconds { return false }
        lastMicroseconds = now.monotonicMicroseconds
        return true
    }
}
