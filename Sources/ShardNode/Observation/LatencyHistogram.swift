/// Counts latencies in buckets that grow by a quarter of a power of two: any latency is known to within 25 %, and
/// counting one costs a few instructions.
struct LatencyHistogram {
    /// Up to 2^27 µs, which is 134 s; longer latencies fall into the last bucket.
    static let bucketCount = 25 * 4 + 4

    private(set) var counts = [UInt64](repeating: 0, count: bucketCount)
    private(set) var total: UInt64 = 0

    mutating func record(microseconds: UInt64) {
        counts[Self.bucket(of: microseconds)] &+= 1
        total &+= 1
    }

    mutating func clear() {
        guard total > 0 else { return }
        for index in counts.indices { counts[index] = 0 }
        total = 0
    }

    mutating func add(_ other: LatencyHistogram) {
        guard other.total > 0 else { return }
        for index in counts.indices { counts[index] &+= other.counts[index] }
        total &+= other.total
    }

    /// The middle of the bucket in which the `quantile` (0 ... 1) lies; nil if nothing was counted.
    func quantileMicroseconds(_ quantile: Double) -> Double? {
        guard total > 0 else { return nil }
        let rank = UInt64((quantile * Double(total - 1)).rounded())
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if seen > rank {
                return Double(Self.lowerBoundMicroseconds(index) + Self.lowerBoundMicroseconds(index + 1) - 1) / 2
            }
        }
        return nil
    }

    static func bucket(of microseconds: UInt64) -> Int {
        guard microseconds >= 4 else { return Int(microseconds) }
        let exponent = 63 - microseconds.leadingZeroBitCount
        let quarter = Int(microseconds >> UInt64(exponent - 2)) & 3
        return min((exponent - 1) * 4 + quarter, bucketCount - 1)
    }

    /// The least latency that falls into the bucket.
    static func lowerBoundMicroseconds(_ bucket: Int) -> UInt64 {
        guard bucket >= 4 else { return UInt64(bucket) }
        return UInt64(4 + bucket % 4) << UInt64(bucket / 4 - 1)
    }
}
