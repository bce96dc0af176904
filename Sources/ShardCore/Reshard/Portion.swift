/// What one node is to be staged, and how far that is.
struct Portion: Sendable {
    struct Batch: Sendable {
        let sequence: UInt64
        let from: Int
        let keys: Int
        let layout: Layout?
        let records: [Record]
        var sentMicroseconds: UInt64
    }

    let node: NodeAddress
    let fromShard: Int?
    let toShard: Int?
    /// Old shards whose keys it lacks.
    let lacks: [Int]
    /// Per old shard, the next record of the rebalanced list to send.
    var cursors: [Int: Int] = [:]
    /// Changed since the collate, by old shard.
    var changes: [(from: Int, record: Record)] = []
    var changesSent = 0
    var outstanding: [Batch] = []
    var nextSequence: UInt64 = 0
    /// Keys confirmed, by old shard.
    var confirmed: [Int: Int] = [:]
    var recordsConfirmed = 0
    var recordsSent = 0

    /// The most batches on their way at once.
    static let windowMax = 4

    var hasLayout: Bool { nextSequence > 0 }
}
