/// Deletions that are not only done but forgotten: nothing of them is left here but these bounds.
struct Forgotten: Sendable {
    /// The number of tombstones forgotten in this start.
    private(set) var count = 0
    /// No later than this were the deletions, in this epoch and before.
    private(set) var timestampMax: UInt64

    init(timestampMax: UInt64 = 0) { self.timestampMax = timestampMax }

    mutating func note(_ count: Int, upTo timestamp: UInt64) {
        assert(timestamp >= timestampMax, "what is forgotten was remembered again")
        self.count += count
        timestampMax = timestamp
    }
}
