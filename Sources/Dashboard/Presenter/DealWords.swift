import ClusterModel
import Wording

extension Change.Attempts.Attempt {
    /// Why nodes cannot be placed by this seed, in a sentence without its full stop; nil if they can.
    ///
    /// - Parameter nodes: the number of nodes to place. A seed is given up as soon as the nodes that are left cannot
    /// fill the shards that lack some.
    func refusal(nodes: Int) -> String? {
        guard !isBalanced else { return nil }
        let left = self.nodes == nil ? max(0, nodes - deal.reduce(0, +)) : 0
        let counts = self.nodes.map { $0.map(\.count) } ?? deal
        let short = counts.indices.filter { counts[$0] < Self.nodesMin }
        let lacking = short.reduce(0) { $0 + Self.nodesMin - counts[$1] }
        guard let first = short.first else { return "it does not suffice" }
        let names = "shard\(short.count == 1 ? "" : "s") \(Self.list(short))"
        if left > 0 {
            return short.count == 1
                ? "\(names) could get \(counts[first] + left) at most; each needs two"
                : "\(names) need \(lacking) more, and \(left) \(left == 1 ? "is" : "are") left"
        }
        guard short.count == 1 else { return "\(names) would have fewer than two nodes" }
        return "\(names) would have \(counts[first] == 0 ? "no node" : "only one"); each needs two"
    }

    /// The least nodes of one shard, so that no key depends on a single node.
    private static let nodesMin = 2
    private static let namedMax = 3

    private static func list(_ shards: [Int]) -> String {
        let named = shards.prefix(namedMax).map(String.init)
        if shards.count > namedMax { return named.joined(separator: ", ") + " and others" }
        guard named.count > 1, let last = named.last else { return named.first ?? "" }
        return named.dropLast().joined(separator: ", ") + " and " + last
    }
}
