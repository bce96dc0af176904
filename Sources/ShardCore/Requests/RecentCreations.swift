/// The latest writes that made a key anew, by their timestamps: a write that is tried again, as its first answer did not
/// come, is answered as it was the first time.
struct RecentCreations: Sendable {
    private var timestamps: Set<UInt64> = []
    private var order: [UInt64] = []
    /// The place in ``order`` of the oldest one.
    private var oldest = 0

    /// A try takes two seconds at most; what was forgotten by then counts as replaced.
    private static let countMax = 8_192

    func contains(_ timestamp: UInt64) -> Bool { timestamps.contains(timestamp) }

    mutating func note(_ timestamp: UInt64) {
        guard timestamps.insert(timestamp).inserted else { return }
        guard order.count == Self.countMax else { return order.append(timestamp) }
        timestamps.remove(order[oldest])
        order[oldest] = timestamp
        oldest = (oldest + 1) % Self.countMax
    }
}
