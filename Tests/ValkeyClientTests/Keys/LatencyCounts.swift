/// How long things took: counts in steps of at most 10 %, of a fixed size however many there are.
struct LatencyCounts: Sendable, Equatable {
    private static let stepsPerDoubling = 10
    /// The last stands for all beyond two minutes.
    private static let stepsMax = 27 * stepsPerDoubling

    private var counts = Array(repeating: 0, count: stepsMax)
    private(set) var total = 0
    private(set) var microsecondsMax: UInt64 = 0

    init() {}

    mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = UInt64(max(0, seconds)) * 1_000_000 + UInt64(max(0, attoseconds)) / 1_000_000_000_000
        total += 1
        microsecondsMax = max(microsecondsMax, microseconds)
        counts[Self.step(microseconds)] += 1
    }

    mutating func add(_ other: LatencyCounts) {
        for step in counts.indices { counts[step] += other.counts[step] }
        total += other.total
        microsecondsMax = max(microsecondsMax, other.microsecondsMax)
    }

    /// So many of a thousand took at most this long; nil where there are none.
    func microseconds(permille: Int) -> UInt64? {
        guard total > 0 else { return nil }
        var left = (total * permille + 999) / 1_000
        for step in counts.indices {
            left -= counts[step]
            if left <= 0 {
                return step == counts.count - 1 ? microsecondsMax : min(microsecondsMax, Self.upperEnd(step))
            }
        }
        return microsecondsMax
    }

    private static func step(_ microseconds: UInt64) -> Int {
        guard microseconds > 1 else { return 0 }
        let doublings = 63 - microseconds.leadingZeroBitCount
        let base = UInt64(1) << doublings
        let within = Int((microseconds - base) * UInt64(stepsPerDoubling) / base)
        return min(stepsMax - 1, doublings * stepsPerDoubling + within)
    }

    private static func upperEnd(_ step: Int) -> UInt64 {
        let base = UInt64(1) << (step / stepsPerDoubling)
        return base + base * UInt64(step % stepsPerDoubling + 1) / UInt64(stepsPerDoubling)
    }
}
