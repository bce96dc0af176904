/// A request of a client, to any node.
public enum Request: Hashable, Sendable {
    case get(key: String, context: CausalContext)
    /// `value` is the JSON text of the value.
    case put(key: String, value: [UInt8], context: CausalContext)
    case delete(key: String, context: CausalContext)

    case view
    case addToView(NodeAddress)
    case removeFromView(NodeAddress)

    case shardIDs
    case nodeShardID
    case shardMembers(shard: Int)
    case keyCount(shard: Int)
    case addMember(NodeAddress, shard: Int)

    /// `force` lets it go ahead without a majority of the layout's members: an operator's word that they are gone for
    /// good. `isStepped` makes it wait for ``stepReshard(_:)`` before each phase and batch.
    case reshard(shardCount: Int, force: Bool, isStepped: Bool = false)
    /// Asks for the outcome of a reshard, without doing it.
    case planReshard(shardCount: Int)
    case abortReshard
    case stepReshard(StepCommand)
    case reshardProgress
    /// Asks for the place of a key, and the version that each member holds.
    case locate(key: String)
    case status

    /// The writes that the client has seen; nil for requests without a context.
    public var context: CausalContext? {
        switch self {
        case .get(_, let context), .put(_, _, let context), .delete(_, let context): context
        default: nil
        }
    }

    /// The key that decides which shard serves the request, if it has one.
    public var key: String? {
        switch self {
        case .get(let key, _), .put(let key, _, _), .delete(let key, _): key
        default: nil
        }
    }
}

/// The longest key, in characters.
public let keyCharactersMax = 50

/// The longest key, in bytes of its UTF-8 in normalization form C: twenty for each character. No script needs as many in
/// plain text, but nothing else bounds the marks that may stand on one letter.
public let keyBytesMax = 1_000

/// The answer to a ``Request``. Payloads that are large and rare are kept elsewhere, as the answers to reads and writes
/// are copied often.
public enum Reply: Hashable, Sendable {
    case found(value: [UInt8], context: CausalContext)
    case created(context: CausalContext, shard: Int)
    case replaced(context: CausalContext, shard: Int)
    case deleted(context: CausalContext, shard: Int)
    case noSuchKey(context: CausalContext)

    case view([NodeAddress])
    case addedToView
    case alreadyInView
    case removedFromView
    case notInView

    case shardIDs([Int])
    case nodeShardID(Int)
    case shardMembers([NodeAddress])
    case keyCount(Int)
    case memberAdded
    indirect case resharded(ReshardProgress)

    indirect case plan(ReshardPlan)
    case aborted
    indirect case progress(ChangeReport?)
    indirect case location(KeyLocation)
    indirect case status(ReplicaStatus)

    case refused(Refusal)
}

/// The reason why a request was not carried out. It has changed nothing, except as ``tooFewAcks(needed:)`` and
/// ``diskFailing`` say.
public enum Refusal: Hashable, Sendable, Error {
    /// The context names writes that this shard did not get within the wait.
    case dependenciesNotMet
    /// No live member of the shard could be reached.
    case shardDown(shard: Int?)
    /// The context was given by another cluster.
    case contextOfAnotherCluster
    /// The node that the request names was met, and belongs to another cluster.
    case ofAnotherCluster(NodeAddress, ClusterID)
    /// The node that the request names is in the view, and nothing was heard of it.
    case notHeard(NodeAddress)
    /// Another process runs under this node's address, and this one gave way to it.
    case twin
    /// The context is well-formed, but names a node that is not in the layout of its epoch.
    case foreignContext
    case noSuchShard(shard: Int, shardCount: Int)
    /// This node belongs to no shard.
    case notInShard
    /// Fewer than two live nodes for each shard.
    case notEnoughNodes(nodes: Int, shardCount: Int)
    case badShardCount(Int)
    /// Another change of the layout, which is named, is under way.
    case changeRunning(operation: String)
    /// Fewer than a majority of the layout's members take part.
    case noMajority(reached: Int, members: Int)
    case notRunning
    /// The point of no return is passed.
    case tooLateToAbort
    /// An operator, or the named failure, ended the change; the old layout stays in force.
    case changeFailed(ChangeFailure)
    case unknownNode(NodeAddress)
    case memberElsewhere(NodeAddress, shard: Int)
    /// Removing the node would leave the shard without members, and its keys without a place.
    case lastMember(NodeAddress, shard: Int)
    /// Between nodes only: the key holds a later write than the timestamp that the forwarding node chose.
    case outdated(timestamp: UInt64)
    /// Too many requests are held or waiting; nothing was done.
    case busy
    /// The node is stopping.
    case stopping
    /// Fewer members than asked for confirmed the write in time. It is kept, and may still reach them.
    case tooFewAcks(needed: Int)
    /// Fewer members than asked for confirmed in time the entry that the key holds, so it may still be lost.
    case unconfirmed(needed: Int)
    /// The node cannot write to its disk. A write that was under way when that began may still take effect.
    case diskFailing
}
