/// The messages that were not believed, and the senders that operators were told of.
struct RefusedMessages: Sendable {
    private(set) var count: UInt64 = 0
    private var told: Set<NodeAddress> = []

    /// - Returns: true for the first one of a sender.
    mutating func note(from sender: NodeAddress) -> Bool {
        count += 1
        guard told.count < Bounds.nodesMax else { return false }
        return told.insert(sender).inserted
    }
}
