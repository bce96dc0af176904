/// The layout in force, and this node's place in it.
struct LayoutInForce: Sendable {
    private(set) var record: EpochRecord
    /// This node's shard; nil if it is in none.
    private(set) var shard: Int?
    /// The members of this node's shard, itself left out.
    private(set) var shardPeers: [NodeAddress] = []
    private let address: NodeAddress

    init(_ record: EpochRecord, at address: NodeAddress) {
        self.record = record
        self.address = address
        findPlace()
    }

    /// Another layout comes into force.
    mutating func enter(_ record: EpochRecord) {
        assert(record.layout.epoch > self.record.layout.epoch, "epoch \(record.layout.epoch) comes a second time")
        self.record = record
        findPlace()
    }

    /// More of what was written before this epoch counts as met everywhere.
    mutating func extendBaseline(_ older: VersionVector) {
        record = EpochRecord(
            layout: record.layout, baseline: record.baseline.merging(older), operation: record.operation,
            starts: record.starts)
    }

    /// A mistake that is planted: it knows of no layout any more, and keeps its place.
    mutating func forgetLayout() {
        record = .none
        shardPeers = []
    }

    private mutating func findPlace() {
        shard = record.layout.shard(of: address)
        shardPeers = shard.map { record.layout.shards[$0].filter { $0 != address } } ?? []
        assert(shard == nil || !shardPeers.contains(address), "a node is its own fellow member")
    }
}
