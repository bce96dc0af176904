/// A change of the layout that somebody asked for.
public enum ChangeGoal: Hashable, Sendable {
    case reshard(shardCount: Int)
    case addMember(NodeAddress, shard: Int)
    case removeMember(NodeAddress)

    var kind: ReshardProgress.Kind {
        switch self {
        case .reshard: .reshard
        case .addMember: .addMember
        case .removeMember: .removeMember
        }
    }

    /// The layout that follows where no seed has to be found; nil for a reshard.
    func edited(_ layout: Layout) -> Layout? {
        var shards = layout.shards
        switch self {
        case .reshard:
            return nil
        case .addMember(let node, let shard):
            shards[shard].append(node)
        case .removeMember(let node):
            shards = shards.map { $0.filter { $0 != node } }
        }
        return Layout(epoch: EpochNumber.next(layout.epoch), seed: layout.seed, placement: .edited, shards: shards)
    }

    /// The shards whose data somebody will lack.
    func collatedShards(of layout: Layout) -> [Int] {
        switch self {
        case .reshard: Array(layout.shards.indices)
        case .addMember(_, let shard): [shard]
        case .removeMember: []
        }
    }
}
