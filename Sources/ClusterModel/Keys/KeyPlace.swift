/// The place of a key in a cluster, and its copies.
public struct KeyPlace: Codable, Hashable, Sendable {
    /// A member of the key's shard, and what it holds under the key.
    public struct Holder: Codable, Hashable, Sendable {
        public enum Holding: String, Codable, Sendable { case value, deleted, nothing, unknown }

        public var member: MemberID
        public var holding: Holding
        /// The same for people, with what tells one version from another: "write 3 of a:1, epoch 2"; of an unknown one
        /// why.
        public var words: String

        public init(member: MemberID, holding: Holding, words: String) {
            self.member = member
            self.holding = holding
            self.words = words
        }
    }

    public var key: String
    public var shard: ShardID
    /// Nil if the placement has no slots.
    public var slot: Int?
    public var epoch: UInt64?
    /// How that is found: "MD5" "a3…", "slot" "866".
    public var facts: [Fact]
    public var holders: [Holder]
    /// The key's shard under the running change; nil if none runs, or that is not known yet.
    public var next: ShardID?
    /// The reason for that: "under seed 8".
    public var nextReason: String?

    /// The epoch for people, which may be more than a number.
    public var epochWords: String { facts.first { $0.name == "epoch" }?.value ?? epoch.map(String.init) ?? "?" }

    public init(key: String, shard: ShardID, slot: Int? = nil, epoch: UInt64? = nil, facts: [Fact], holders: [Holder]) {
        self.key = key
        self.shard = shard
        self.slot = slot
        self.epoch = epoch
        self.facts = facts
        self.holders = holders
    }
}
