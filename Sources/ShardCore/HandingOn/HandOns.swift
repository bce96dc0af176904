/// Entries of this node that other nodes own and have not confirmed yet, in batches.
struct HandOns: Sendable {
    private struct Batch: Sendable {
        let records: [Record]
        /// The members of the owning shard that they still have to reach.
        var missing: [NodeAddress]
        var sentMicroseconds: UInt64 = 0
    }

    private var batches: [UInt64: Batch] = [:]

    private static let answerMilliseconds: UInt64 = 500

    var isEmpty: Bool { batches.isEmpty }
    var recordCount: Int { batches.values.reduce(0) { $0 + $1.records.count } }
    /// In no order.
    var records: [Record] { batches.values.flatMap(\.records) }

    /// - Parameter missing: whom the records have to reach; not empty.
    mutating func add(_ id: UInt64, _ records: [Record], missing: [NodeAddress]) {
        assert(batches[id] == nil && !missing.isEmpty, "a batch that is under way already, or that nobody lacks")
        batches[id] = Batch(records: records, missing: missing)
    }

    /// The records to send again, and their receivers; nil for a batch that has arrived.
    mutating func send(_ id: UInt64, _ now: Instant) -> (records: [Record], missing: [NodeAddress])? {
        batches[id]?.sentMicroseconds = now.monotonicMicroseconds
        return batches[id].map { ($0.records, $0.missing) }
    }

    /// A member has a batch.
    ///
    /// - Returns: the batch's records where it was the last that lacked them, else none; nil if no such batch is under way.
    mutating func confirm(_ id: UInt64, by member: NodeAddress) -> [Record]? {
        guard var batch = batches[id] else { return nil }
        batch.missing.removeAll { $0 == member }
        batches[id] = batch.missing.isEmpty ? nil : batch
        return batch.missing.isEmpty ? batch.records : []
    }

    /// Ends all, in the order in which they began.
    mutating func takeAll() -> [Record] {
        defer { batches = [:] }
        return batches.sorted { $0.key < $1.key }.flatMap(\.value.records)
    }

    /// Batches that were not confirmed in time.
    func overdue(_ now: Instant) -> [UInt64] {
        batches.filter { now.hasPassed(Self.answerMilliseconds, since: $0.value.sentMicroseconds) }.map(\.key).sorted()
    }
}

/// Own writes of older epochs that reached their new owners after the layout changed, and that all must be told of: then
/// they count as met everywhere.
struct LateOwnWrites: Sendable {
    private(set) var vector: VersionVector
    /// True if some of them were handed on before this epoch, and others may still have to.
    private(set) var waitsForOthers = false

    init(_ vector: VersionVector = VersionVector()) { self.vector = vector }

    var isEmpty: Bool { vector.isEmpty }

    /// Another layout is in force: what its baseline covers is told.
    ///
    /// - Parameter own: this node's writes up to now, those of earlier starts too.
    mutating func enterEpoch(_ baseline: VersionVector, own: VersionVector) {
        vector = vector.filter { baseline[$0.origin] < $0.counter }
        waitsForOthers = !vector.isEmpty
        vector.merge(own)
        vector = vector.filter { baseline[$0.origin] < $0.counter }
    }

    mutating func add(_ writes: VersionVector) { vector.merge(writes) }

    mutating func noteOthersAreDone() { waitsForOthers = false }
}

/// The writes of older epochs that have not reached their owners, and the search for gaps.
struct LateWrites: Sendable {
    var handOns = HandOns()
    var own = LateOwnWrites()
    var gapPause = Pause(milliseconds: 500)
    /// Between two questions for what others cover, while requests wait.
    var knowledgePause = Pause(milliseconds: 100)
}
