/// The slots of each shard, and those that are on their way to another.
public struct SlotMap: Codable, Hashable, Sendable {
    /// Slots that belong together.
    public struct Run: Codable, Hashable, Sendable {
        public var first: Int
        public var last: Int
        /// The shard that has them now; nil for slots that nobody has.
        public var shard: ShardID?
        /// The shard that they are on their way to; nil for slots that stay.
        public var target: ShardID?
        /// Keys, operations or bytes counted in them against the busiest of equal length, 0 ... 1; nil if nobody counts.
        public var heat: Double?

        public init(_ first: Int, _ last: Int, shard: ShardID?, target: ShardID? = nil, heat: Double? = nil) {
            self.first = first
            self.last = last
            self.shard = shard
            self.target = target
            self.heat = heat
        }

        public var count: Int { last - first + 1 }
    }

    /// All slots there are.
    public var count: Int
    /// Without gaps or overlaps, from slot 0 to the last.
    public var runs: [Run]

    public init(count: Int, runs: [Run]) {
        self.count = count
        self.runs = runs
    }
}
