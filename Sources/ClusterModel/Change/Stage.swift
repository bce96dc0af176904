/// One part of a change, in its engine's own word: collate, migrate.
public struct Stage: Codable, Hashable, Sendable {
    /// The progress of a stage: how much is done, of how much.
    public struct Work: Codable, Hashable, Sendable {
        public var done: Int
        public var total: Int
        /// The unit that is counted, in the singular: "key", "copy", "slot".
        public var unit: String

        public init(done: Int, total: Int, unit: String) {
            self.done = done
            self.total = total
            self.unit = unit
        }

        public var fraction: Double { total > 0 ? min(1, Double(done) / Double(total)) : 0 }
    }

    /// The picture that shows the stage while it runs.
    public enum Picture: String, Codable, Sendable {
        /// ``words`` alone.
        case words
        /// A bar for each shard that is read, ``meters``.
        case meters
        /// The seeds tried, ``Change/attempts``, and what each shard is to get.
        case attempts
        /// A lane to each node that takes something in, ``Change/parts``, and the pairs beside them.
        case parts
        /// A lane from shard to shard, ``Change/pairs``.
        case pairs
    }

    /// How far the reading of one shard is.
    public struct Meter: Codable, Hashable, Sendable {
        public var shard: ShardID
        /// The member that is read; nil until it is chosen.
        public var source: MemberID?
        public var done: Int
        public var total: Int
        public var bytes: Int

        public init(shard: ShardID, source: MemberID? = nil, done: Int = 0, total: Int = 0, bytes: Int = 0) {
            self.shard = shard
            self.source = source
            self.done = done
            self.total = total
            self.bytes = bytes
        }
    }

    public var name: String
    /// A sentence that tells in plain words what happens in it, for somebody who has never heard of it.
    public var words: String
    public var picture: Picture
    /// Since the change began; nil for one that has not begun.
    public var startMicroseconds: UInt64?
    /// Nil until it is over.
    public var durationMicroseconds: UInt64?
    public var work: Work?
    public var meters: [Meter] = []
    /// The work done, in words, for lines of text: "2 of 3 keys read".
    public var figures = ""
    /// True if clients' writes wait while it runs.
    public var holdsWrites = false

    public init(_ name: String, words: String = "", picture: Picture = .words) {
        self.name = name
        self.words = words
        self.picture = picture
    }
}
