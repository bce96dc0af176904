/// What no number from outside is beyond, whoever sends it: further than any cluster comes, and so far below what an
/// integer holds that nothing which adds to one can overflow.
///
/// Codecs refuse what is beyond as nonsense. What is too far ahead of what one node knows, ``Belief`` refuses.
public enum Bounds {
    /// Of what is counted one by one: writes, rounds, attempts, batches, heartbeats, cursors. A million a second come so
    /// far in nine years.
    public static let countMax: UInt64 = 1 << 48
    /// Of incarnations. Those of this program are milliseconds since 1970 times 2^16, and below 2^58 until the year 2100.
    public static let incarnationMax: UInt64 = 1 << 62
    /// Of epochs; see ``EpochNumber``.
    public static let epochMax: UInt64 = 1 << 53 - 1
    /// Of wall clocks, in microseconds since 1970: the year 2112. As many fit into a timestamp.
    public static let wallMicrosecondsMax: UInt64 = 1 << 52 - 1
    /// Of timestamps: no clock goes further by what it hears, so that it can always tick.
    public static let timestampMax: UInt64 = .max - 1 << 40
    /// Of shards, and of the nodes of a cluster.
    public static let nodesMax = 1_000
}

extension UInt64 {
    func saturating(adding other: UInt64) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
