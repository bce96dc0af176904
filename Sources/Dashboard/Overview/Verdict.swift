import ShardCore

/// What of a cluster its count of nodes does not tell, in words.
public struct Verdict: Equatable, Sendable {
    /// Of a few columns.
    public var short: String
    /// A whole sentence.
    public var long: String
}

extension ClusterOverview {
    /// Nodes that answer while their peers do not hear them.
    public var cutOff: [NodeAddress] { members.filter { $0.condition == .cutOff }.map(\.address) }

    /// Nil where there is nothing to say.
    /// - Parameter name: what a node is called here.
    public func verdict(name: (NodeAddress) -> String = \.description) -> Verdict? {
        if !split.isEmpty {
            let sizes = split.map(String.init)
            let listed = sizes.dropLast().joined(separator: ", ") + " and " + (sizes.last ?? "")
            return Verdict(
                short: "split \(sizes.joined(separator: "+"))",
                long: "split: \(listed) nodes that do not hear one another")
        }
        let nodes = cutOff
        guard let first = nodes.first else { return nil }
        if nodes.count == 1 {
            return Verdict(
                short: "\(name(first)) cut off",
                long: "\(name(first)) is cut off: its peers do not hear it, it answers us")
        }
        let named = nodes.prefix(3).map(name).joined(separator: ", ") + (nodes.count > 3 ? " and more" : "")
        return Verdict(
            short: "\(nodes.count) cut off",
            long: "\(nodes.count) nodes are cut off: their peers do not hear them, they answer us: \(named)")
    }

    /// All up, and nothing to say of any: then alone it is green.
    var isWhole: Bool { members.allSatisfy(\.condition.isGood) }
}
