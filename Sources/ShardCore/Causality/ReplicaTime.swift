/// The time of the event in hand, and the clocks that are kept by it.
struct ReplicaTime: Sendable {
    /// Of the event in hand.
    private(set) var now: Instant
    let startedMicroseconds: UInt64
    var clock = HybridClock()
    /// The time that the nodes' wall clocks show together.
    var wall: WallEstimate
    /// How far contexts may still take the hybrid clock, and how far other nodes' words.
    private var contexts = ClockBudget()
    private var peers = ClockBudget()

    init(_ now: Instant) {
        self.now = now
        startedMicroseconds = now.monotonicMicroseconds
        wall = WallEstimate(now: now)
    }

    mutating func set(_ now: Instant) {
        assert(
            now.monotonicMicroseconds >= self.now.monotonicMicroseconds,
            "the monotonic clock went back from \(self.now.monotonicMicroseconds) to \(now.monotonicMicroseconds)")
        self.now = now
    }

    func budget(of source: TimestampSource) -> ClockBudget {
        switch source {
        case .contexts: contexts
        case .peers: peers
        }
    }

    mutating func spend(_ step: UInt64, of source: TimestampSource) {
        switch source {
        case .contexts: contexts.spend(step, now)
        case .peers: peers.spend(step, now)
        }
    }
}

/// Who names a timestamp.
enum TimestampSource {
    case contexts, peers
}
