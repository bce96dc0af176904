import ClusterModel
import ShardCore

extension Change.Attempts {
    /// Nodes tell how many each shard got before a seed was given up. Who they are follows from the seed: that is what
    /// it is for.
    ///
    /// - Parameter addresses: of the cluster. Where they are not those that were placed, as what the nodes tell shows,
    ///   nothing is said of the seed.
    mutating func place(_ addresses: [NodeAddress], shardCount: Int) {
        guard shardCount > 0 else { return }
        for index in tries.indices where tries[index].deal.count == shardCount {
            var nodes = Array(repeating: [MemberID](), count: shardCount)
            for address in addresses {
                let shard = ShardHash.shard(of: address.description, seed: tries[index].seed, count: shardCount)
                nodes[shard].append(MemberID(address))
            }
            let told = tries[index]
            let agrees = zip(nodes, told.deal).allSatisfy { told.isBalanced ? $0.count == $1 : $0.count >= $1 }
            if agrees { tries[index].nodes = nodes }
        }
    }
}
