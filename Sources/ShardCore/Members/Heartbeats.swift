/// The rhythm of this node's heartbeats.
struct Heartbeats: Sendable {
    /// Sent so far in this start.
    private(set) var count: UInt64 = 0
    /// The last one before the layout in force.
    private(set) var countBeforeEpoch: UInt64 = 0
    private var lastMicroseconds: UInt64?

    func isDue(everyMilliseconds pause: UInt64, _ now: Instant) -> Bool {
        lastMicroseconds.map { now.hasPassed(pause, since: $0) } ?? true
    }

    mutating func beat(_ now: Instant) {
        assert(lastMicroseconds.map { $0 <= now.monotonicMicroseconds } ?? true, "the monotonic clock went back")
        lastMicroseconds = now.monotonicMicroseconds
        count += 1
    }

    /// The next one is due at once.
    mutating func hurry() { lastMicroseconds = nil }

    mutating func beginEpoch() { countBeforeEpoch = count }
}
