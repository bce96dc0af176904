import ClusterModel
import ShardCore
import ShardWire
import Wording

extension Cluster {
    /// The troubles of a cluster that its count of nodes does not show.
    ///
    /// - Parameters:
    ///   - split: the sizes of the groups of nodes that hear one another, if none of them is the largest.
    ///   - nodes: the nodes that answer while their peers do not hear them.
    static func troubles(split: [Int], cutOff nodes: [MemberID]) -> [Trouble] {
        if !split.isEmpty {
            let sizes = split.map(String.init)
            let listed = sizes.dropLast().joined(separator: ", ") + " and " + (sizes.last ?? "")
            return [
                Trouble(
                    short: "split \(sizes.joined(separator: "+"))",
                    long: "split: \(listed) nodes that do not hear one another",
                    advice: "mend the network between them; each group serves its clients meanwhile")
            ]
        }
        guard let first = nodes.first else { return [] }
        if nodes.count == 1 {
            return [
                Trouble(
                    short: "\(first) cut off", long: "\(first) is cut off: its peers do not hear it, it answers us",
                    about: first, advice: "mend the network between it and its peers")
            ]
        }
        return [
            Trouble(
                short: "\(nodes.count) cut off",
                long: "\(nodes.count) nodes are cut off: their peers do not hear them, they answer us: \(named(nodes))",
                advice: "mend the network between them and their peers")
        ]
    }

    /// The trouble of nodes that do not serve: what the first of them waits for.
    static func troubles(waiting states: [NodeState]) -> [Trouble] {
        let waits = states.compactMap { state in state.waitsFor.map { (state.replica.address, $0) } }
        guard let (node, wait) = waits.min(by: { $0.0 < $1.0 }) else { return [] }
        let others = waits.count > 1 ? " (and \(Plural.words(waits.count - 1, "more node")))" : ""
        return [
            Trouble(
                short: "\(Plural.words(waits.count, "node")) waiting", long: "\(node)\(others) waits for \(wait)",
                about: MemberID(node))
        ]
    }

    /// The trouble of nodes of another cluster, met at addresses where this cluster expects its own.
    static func troubles(strangers: Set<NodeAddress>) -> [Trouble] {
        guard !strangers.isEmpty else { return [] }
        return [
            Trouble(
                short: "\(Plural.words(strangers.count, "stranger"))",
                long: "\(named(strangers.sorted())) "
                    + "\(strangers.count == 1 ? "belongs" : "belong") to another cluster, and nothing of it is believed",
                advice: "give it an address of its own, or empty its data directory to take it over"
            )
        ]
    }

    private static func named(_ nodes: [some CustomStringConvertible]) -> String {
        nodes.prefix(3).map(\.description).joined(separator: ", ") + (nodes.count > 3 ? " and more" : "")
    }
}
