/// A node's standing in its cluster, in its own words.
public enum ServingState: String, Codable, Sendable {
    /// Asking its shard's peers whether they have data that it lacks.
    case starting
    /// Fetching its shard's data; others answer for its shard meanwhile.
    case catchingUp
    case serving
    /// In the view, but placed in no shard.
    case joiner
    case stopping

    /// The state in words for people.
    public var words: String { self == .catchingUp ? "catching up" : rawValue }
}

/// A node as another one sees it.
public enum Health: String, Codable, Sendable {
    case up, down
    /// An operator took it out of the view.
    case removed
}

/// One node's whole state, as its replica knows it.
public struct ReplicaStatus: Codable, Hashable, Sendable {
    /// A node that this one knows, itself included.
    public struct Peer: Codable, Hashable, Sendable {
        public var address: NodeAddress
        public var health: Health
        public var shard: Int?
        /// The incarnation that the peer last named; nil if it was never heard.
        @OptionalExactNumber public var incarnation: UInt64?
        public var epoch: UInt64?
        public var state: ServingState?
        /// The time since its last heartbeat; nil if it was never heard, 0 for the node itself.
        public var silentMilliseconds: UInt64?
        /// Writes of this node that the peer has not confirmed; nil outside the shard.
        public var lagWrites: UInt64?

        public init(
            address: NodeAddress, health: Health, shard: Int?, incarnation: UInt64? = nil, epoch: UInt64? = nil,
            state: ServingState? = nil, silentMilliseconds: UInt64? = nil, lagWrites: UInt64? = nil
        ) {
            self.address = address
            self.health = health
            self.shard = shard
            self.incarnation = incarnation
            self.epoch = epoch
            self.state = state
            self.silentMilliseconds = silentMilliseconds
            self.lagWrites = lagWrites
        }
    }

    /// A node of another cluster that this one has met.
    public struct Stranger: Codable, Hashable, Sendable {
        public var address: NodeAddress
        public var cluster: ClusterID
        public var silentMilliseconds: UInt64

        public init(address: NodeAddress, cluster: ClusterID, silentMilliseconds: UInt64) {
            self.address = address
            self.cluster = cluster
            self.silentMilliseconds = silentMilliseconds
        }
    }

    public var address: NodeAddress
    @ExactNumber public var incarnation: UInt64
    /// Nil for a node that has met no cluster, and from a version that knew no ids.
    public var cluster: ClusterID?
    public var state: ServingState
    /// The event that a node waits for before it serves; nil if it waits for nothing. Clients get it in words only.
    public var wait: Wait?
    /// Sorted by address; nil if there are none.
    public var strangers: [Stranger]?
    public var shard: Int?
    public var epoch: UInt64
    public var seed: UInt64
    public var placement: NodePlacement
    /// The members of each shard of the layout, those that are down included.
    public var shards: [[NodeAddress]]
    /// Sorted by address.
    public var peers: [Peer]
    /// Keys that this node holds and owns, deleted ones not counted.
    public var keys: Int
    public var tombstones: Int
    /// Tombstones forgotten since the start, because everybody knows of the deletion.
    public var tombstonesCollected: Int
    /// Bytes of the keys and values held.
    public var bytes: Int
    /// Writes held by a switch of the layout.
    public var heldWrites: Int
    /// Requests that wait for their dependencies.
    public var waitingRequests: Int
    /// Entries that other shards own and have not confirmed yet.
    public var handOnEntries: Int
    /// Messages since the start that said what cannot be true; nil from a version that believed all.
    public var refusedMessages: UInt64?

    private enum CodingKeys: CodingKey {
        case address, incarnation, cluster, state, strangers, shard, epoch, seed, placement, shards, peers, keys,
            tombstones
        case tombstonesCollected, bytes, heldWrites, waitingRequests, handOnEntries, refusedMessages
    }

    public init(
        address: NodeAddress, incarnation: UInt64, state: ServingState, shard: Int?, epoch: UInt64, seed: UInt64,
        placement: NodePlacement, shards: [[NodeAddress]], peers: [Peer], keys: Int, tombstones: Int,
        tombstonesCollected: Int = 0, bytes: Int, heldWrites: Int, waitingRequests: Int, handOnEntries: Int
    ) {
        self.address = address
        self.incarnation = incarnation
        self.state = state
        self.shard = shard
        self.epoch = epoch
        self.seed = seed
        self.placement = placement
        self.shards = shards
        self.peers = peers
        self.keys = keys
        self.tombstones = tombstones
        self.tombstonesCollected = tombstonesCollected
        self.bytes = bytes
        self.heldWrites = heldWrites
        self.waitingRequests = waitingRequests
        self.handOnEntries = handOnEntries
    }
}

/// The place of a key.
public struct KeyLocation: Codable, Hashable, Sendable {
    public struct Holder: Codable, Hashable, Sendable {
        public var address: NodeAddress
        public var health: Health
        /// False if the member did not answer: then nothing is known of what it holds.
        public var answered: Bool
        /// Nil if the member holds nothing under the key.
        public var version: VersionLabel?

        public init(address: NodeAddress, health: Health, answered: Bool = false, version: VersionLabel? = nil) {
            self.address = address
            self.health = health
            self.answered = answered
            self.version = version
        }
    }

    /// A version in words that a person can compare.
    public struct VersionLabel: Codable, Hashable, Sendable {
        @ExactNumber public var timestamp: UInt64
        public var node: NodeAddress
        public var epoch: UInt64
        public var counter: UInt64
        public var isTombstone: Bool

        public init(version: Version, isTombstone: Bool) {
            timestamp = version.timestamp
            node = version.dot.origin.node
            epoch = version.dot.origin.epoch
            counter = version.dot.counter
            self.isTombstone = isTombstone
        }
    }

    public var key: String
    /// MD5 of `seed:key`, in hexadecimal.
    public var hash: String
    public var shard: Int
    public var epoch: UInt64
    public var seed: UInt64
    public var members: [Holder]

    public init(key: String, hash: String, shard: Int, epoch: UInt64, seed: UInt64, members: [Holder]) {
        self.key = key
        self.hash = hash
        self.shard = shard
        self.epoch = epoch
        self.seed = seed
        self.members = members
    }
}
