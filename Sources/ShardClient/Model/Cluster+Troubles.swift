import ClusterModel

extension Cluster {
    /// What of a cluster its count of nodes does not tell.
    ///
    /// - Parameters:
    ///   - split: the sizes of the groups of nodes that hear one another, where none of them is the largest.
    ///   - nodes: those that answer while their peers do not hear them.
    static func troubles(split: [Int], cutOff nodes: [MemberID]) -> [Trouble] {
        if !split.isEmpty {
            let sizes = split.map(String.init)
            let listed = sizes.dropLast().joined(separator: ", ") + " and " + (sizes.last ?? "")
            return [
                Trouble(
                    short: "split \(sizes.joined(separator: "+"))",
                    long: "split: \(listed) nodes that do not hear one another")
            ]
        }
        guard let first = nodes.first else { return [] }
        if nodes.count == 1 {
            return [
                Trouble(
                    short: "\(first) cut off", long: "\(first) is cut off: its peers do not hear it, it answers us")
            ]
        }
        let named = nodes.prefix(3).map(\.description).joined(separator: ", ") + (nodes.count > 3 ? " and more" : "")
        return [
            Trouble(
                short: "\(nodes.count) cut off",
                long: "\(nodes.count) nodes are cut off: their peers do not hear them, they answer us: \(named)")
        ]
    }
}
