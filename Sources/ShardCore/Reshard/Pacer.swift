/// Limits the coordinator to so many keys a second, where a limit is set.
struct Pacer: Sendable {
    let keysPerSecondMax: Int?
    private var spent = 0
    private var startedMicroseconds: UInt64

    init(keysPerSecondMax: Int?, now: Instant) {
        self.keysPerSecondMax = keysPerSecondMax
        startedMicroseconds = now.monotonicMicroseconds
    }

    /// A new phase starts with nothing saved up.
    mutating func restart(now: Instant) {
        spent = 0
        startedMicroseconds = now.monotonicMicroseconds
    }

    /// How many keys may be worked on now; 0 where the limit says to wait.
    func allowance(now: Instant) -> Int {
        guard let limit = keysPerSecondMax else { return .max }
        let earned = Double(now.monotonicMicroseconds - startedMicroseconds) * Double(limit) / 1_000_000
        return max(0, min(Int(earned) - spent, max(1, limit / 20)))
    }

    mutating func spend(_ keys: Int) { spent += keys }

    /// When to look again.
    var waitMicroseconds: UInt64 { keysPerSecondMax == nil ? 0 : 20_000 }
}
