import Dashboard
import ShardCore
import ShardWire

/// What the nodes of a snapshot tell together.
struct ClusterSummary: Equatable {
    struct Shard: Equatable {
        var id: ShardID
        /// Those that are down included, where the nodes tell of them.
        var members: [NodeAddress]
        /// Of the member that holds most; nil where none says.
        var keys: Int?
        /// True where members that answer hold different numbers of keys.
        var isUneven = false
    }

    var nodes = 0
    var nodesUp = 0
    var shards: [Shard] = []
    /// Over all shards; nil where one does not tell, or nobody tells of any.
    var keys: Int?
    /// How many there are; nil where nobody says.
    var shardCount: Int? { isTold ? shards.count : nil }
    /// True where a node tells which shards there are.
    private var isTold = false
    /// Nodes that answer while their peers do not hear them, in a sentence; nil where there are none.
    var verdict: String?
    /// All epochs that nodes which answer are in; joiners left out.
    var epochs: Set<UInt64> = []
    var seed: UInt64?

    init(_ snapshot: ClusterSnapshot) {
        nodes = snapshot.nodes.count
        nodesUp = snapshot.nodes.count(where: \.isReachable)
        var members: [ShardID: Set<NodeAddress>] = [:]
        var counts: [ShardID: Set<Int>] = [:]
        var newest: UInt64 = 0
        for node in snapshot.nodes where node.isReachable {
            switch node.answer {
            case .full(let state):
                let replica = state.replica
                if replica.epoch > 0 { epochs.insert(replica.epoch) }
                if replica.epoch > newest {
                    newest = replica.epoch
                    seed = replica.seed
                    members = Dictionary(
                        uniqueKeysWithValues: replica.shards.enumerated().map { (ShardID($0.offset), Set($0.element)) })
                }
                if let shard = replica.shard { counts[ShardID(shard), default: []].insert(replica.keys) }
            case .basic(let state):
                // A node may say where it is, and not who else is there.
                if let own = state.shard { members[own, default: []].insert(node.address) }
                for shard in state.shards {
                    members[shard.id, default: []].formUnion(shard.members ?? [])
                    if let keys = shard.keys { counts[shard.id, default: []].insert(keys) }
                }
            case nil: break
            }
        }
        shards = members.sorted { $0.key < $1.key }.map { id, members in
            Shard(
                id: id, members: members.sorted(), keys: counts[id]?.max(), isUneven: (counts[id]?.count ?? 0) > 1)
        }
        // A node that tells its whole state and names no shard says that there is none.
        isTold = !shards.isEmpty || !snapshot.states.isEmpty
        let told = shards.compactMap(\.keys)
        keys = isTold && told.count == shards.count ? told.reduce(0, +) : nil
        verdict = ClusterOverview(snapshot).verdict()?.long
    }
}
