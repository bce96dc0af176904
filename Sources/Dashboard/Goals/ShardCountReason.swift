import ClusterModel
import Wording

extension DashboardModel {
    private static let nodesPerShardMin = 2

    /// The reason why there cannot be so many shards now, and what to do, if only nodes that are down are lacking;
    /// otherwise nil, as the nodes themselves can tell.
    func reason(againstShards count: Int) -> String? {
        let needed = count * Self.nodesPerShardMin
        // In a cluster with slots a shard needs only a primary.
        guard !hasSlots, needed > overview.nodesUp, needed <= overview.nodesAll else { return nil }
        let down = members.filter(\.condition.isBad).map(\.id)
        return "\(Figures.plural(count, "shard")) need \(Figures.plural(needed, "node")) that are up, two for each: "
            + "\(overview.nodesUp) are, and \(Findings.list(down)) \(down.count == 1 ? "is" : "are") not. "
            + "Start \(down.count == 1 ? "it" : "them") again first\(isControlled ? " (X)" : "")."
    }
}
