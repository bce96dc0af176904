import ClusterModel
import Wording

extension DashboardModel {
    private static let nodesPerShardMin = 2

    /// Why there cannot be so many shards now, and what to do, where nodes that are down are what is lacking; nil where
    /// they are not, and the nodes themselves can tell.
    func reason(againstShards count: Int) -> String? {
        let needed = count * Self.nodesPerShardMin
        // Of other engines a shard has need of a primary alone.
        guard !hasSlots, needed > overview.nodesUp, needed <= overview.nodesAll else { return nil }
        let down = members.filter(\.condition.isBad).map(\.id)
        return "\(Figures.plural(count, "shard")) need \(Figures.plural(needed, "node")) that are up, two for each: "
            + "\(overview.nodesUp) are, and \(Findings.list(down)) \(down.count == 1 ? "is" : "are") not. "
            + "Start \(down.count == 1 ? "it" : "them") again first\(isControlled ? " (X)" : "")."
    }
}
