/// The entries that one node is to be staged, and how far that is.
struct NodePortion: Sendable {
    struct Batch: Sendable {
        let sequence: UInt64
        /// The old shard; nil for changes and the layout alone.
        let from: Int?
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
    /// Records that it is to be sent, as far as is known.
    var planned = 0
    /// Changed since the collate, and not sent yet.
    var changes: [Record] = []
    var outstanding: [Batch] = []
    var nextSequence: UInt64 = 0
    /// Keys confirmed, by old shard.
    var confirmed: [Int: Int] = [:]
    var recordsConfirmed = 0
    var recordsSent = 0

    /// The most batches on their way at once.
    static let windowMax = 4

    var hasLayout: Bool { nextSequence > 0 }
    var hasRoom: Bool { outstanding.count < Self.windowMax }
    /// True if nothing is left to send of what changed, and all that was sent is confirmed.
    var isConfirmed: Bool { outstanding.isEmpty && changes.isEmpty }
}
