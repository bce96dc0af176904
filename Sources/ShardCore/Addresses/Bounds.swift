/// The limits of all numbers from outside, whoever sends them: further than any cluster comes, and so far below the
/// greatest integer that adding to one cannot overflow.
///
/// Codecs refuse a number beyond them as nonsense. ``Belief`` refuses one that is too far ahead of what this node
/// knows.
public enum Bounds {
    /// For things counted one by one: writes, rounds, attempts, batches, heartbeats, cursors. At a million a second it
    /// is reached in nine years.
    public static let countMax: UInt64 = 1 << 48
    /// For incarnations. Those of this program are milliseconds since 1970 times 2^16, and below 2^58 until the year
    /// 2100.
    public static let incarnationMax: UInt64 = 1 << 62
    /// For epochs; see ``EpochNumber``.
    public static let epochMax: UInt64 = 1 << 53 - 1
    /// For wall clocks, in microseconds since 1970: the year 2112. A timestamp has room for as many.
    public static let wallMicrosecondsMax: UInt64 = 1 << 52 - 1
    /// For timestamps: no clock is driven further by a message, so that it can always tick.
    public static let timestampMax: UInt64 = .max - 1 << 40
    /// For shards, and for the nodes of a cluster.
    public static let nodesMax = 1_000
}

extension UInt64 {
    func saturating(adding other: UInt64) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
