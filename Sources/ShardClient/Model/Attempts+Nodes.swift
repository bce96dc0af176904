import ClusterModel
import ShardCore

extension Change.Attempts {
    /// Adds the nodes of each shard to the seeds that were given up. A node tells only how many each shard got; which
    /// nodes they are follows from the seed, whose purpose that is.
    ///
    /// - Parameter addresses: the addresses of the cluster. If they are not the ones that were placed, as the nodes'
    ///   numbers show, nothing is said of the seed.
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
