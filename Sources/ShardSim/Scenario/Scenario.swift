import ShardCore

/// One run, as its seed chose it: the cluster, its clients, and the steps with their times.
public struct Scenario: Sendable {
    /// Something that happens at a moment, to nodes named by their number from 1.
    public struct Step: Sendable, Hashable {
        public let atMilliseconds: UInt64
        public let action: Action
    }

    public enum Action: Sendable, Hashable {
        case reshard(shardCount: Int, at: Int)
        case addMember(Int, shard: Int, at: Int)
        case removeMember(Int, at: Int)
        case putBack(Int, at: Int)
        case abort(at: Int)
        /// The node's disk stays, if it has one.
        case crash(Int)
        case crashAll
        /// The node passes on and writes what it has to, and ends.
        case stop(Int)
        case stopAll
        /// The node's disk is gone when it is started again.
        case loseDisk(Int)
        case disk(Int, isFailing: Bool)
        case restart(Int)
        /// The node dies, whatever becomes of the data.
        case kill(Int)
        /// The next start of a node has a lower incarnation than its last one.
        case setClockBack(Int)
        /// An operator of either cluster puts a node of the other cluster into the view.
        case addStranger(Int, at: Int)
        case addToStrangers(Int)
        /// A node of the other cluster takes the address of a node that dies, until that one is started again.
        case takeAddress(Int)
        case giveAddressBack(Int)
        case reshardStrangers(shardCount: Int)
        case writeToStrangers
        case pause(Int)
        case goOn(Int)
        case cut(from: Int, to: Int)
        /// Nothing goes between a node and the other members of its shard.
        case cutFromShard(Int)
        /// One link, one way: slower by up to that much, and with losses of its own.
        case clog(from: Int, to: Int, lossPercent: Int, delayMilliseconds: Int)
        case isolate([Int])
        case heal
        case network(lossPercent: Int, duplicationPercent: Int, delayPercent: Int, delayMilliseconds: Int)
        case clock(Int, offsetMilliseconds: Int64)
        /// The node that sends the `count`-th message of this kind dies before the message goes out.
        case armDeath(MessageKind, count: Int)
        /// The nodes fall apart at the next proposal: the coordinator with just so many others that one more voter
        /// makes a majority, that voter, and the rest, which do not hear of the proposal. The voter dies once it has
        /// accepted, and starts again among the rest.
        case armAmnesia(restartMilliseconds: UInt64)
        /// One member of every shard is left, two nodes at least; the others die with their memory.
        case loseMajority
        /// All members of one shard die with their memory, one right after the other.
        case loseShard
        /// An operator forces a reshard at whatever node is left.
        case forceReshard
    }

    public let seed: UInt64
    public let profile: Profile
    public let founderCount: Int
    public let shardCount: Int
    public let joinerCount: Int
    public let sessionCount: Int
    public let keyCount: Int
    /// The percentage of the requests that delete.
    public let deletePercent: Int
    /// The least age of a deletion before it is forgotten; nil for the simulated cluster's default.
    public let tombstoneMilliseconds: UInt64?
    /// The time between two heartbeats; nil for a node's default.
    public let heartbeatMilliseconds: UInt64?
    /// A client's pause between two requests.
    public let thinkMilliseconds: ClosedRange<UInt64>
    /// The time that a message takes if nothing is wrong.
    public let latencyMicroseconds: ClosedRange<UInt64>
    /// The time that a commit to a disk takes.
    public let diskMicroseconds: ClosedRange<UInt64>
    /// The approximate bound on a page or a batch; so low that a few keys make many.
    public let batchBytesMax: Int?
    /// The time for which clients and faults go on.
    public let lengthMilliseconds: UInt64
    /// The reshard's rate limit, so that its phases last long enough to be hit.
    public let keysPerSecondMax: Int?
    /// The steps, sorted by time.
    public internal(set) var steps: [Step]

    public var nodeCount: Int { founderCount + joinerCount }
}

/// The messages after which a coordinator may die.
public enum MessageKind: String, Sendable, CaseIterable {
    case prepare, collate, gather, stage, change, freeze, accept, commit

    init?(_ message: Message) {
        switch message {
        case .prepare: self = .prepare
        case .collate: self = .collate
        case .gather: self = .gather
        case .stage: self = .stage
        case .change: self = .change
        case .freeze: self = .freeze
        case .accept: self = .accept
        case .commit: self = .commit
        default: return nil
        }
    }
}
