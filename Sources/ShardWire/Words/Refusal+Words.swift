import ShardCore
import Wording

/// The one place where refusals get their words, for clients, events and logs alike.
extension Refusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .dependenciesNotMet: "Causal dependencies not satisfied; try again later"
        case .shardDown: "Shard is down"
        case .contextOfAnotherCluster: "causal-metadata is of another cluster; begin anew without it"
        case .ofAnotherCluster(let node, let cluster):
            "\(node) belongs to another cluster, \(cluster); to take it over, stop it, empty its data directory, and start "
                + "it with this cluster's addresses in VIEW and without SHARD_COUNT"
        case .notHeard(let node): "\(node) is in the view, but nothing was heard of it yet; start it first"
        case .twin: "Another process runs under this node's address, and this one gave way to it; use another node"
        case .foreignContext: "causal-metadata names a node or a time that this cluster never had"
        case .noSuchShard(let shard, let count): "There is no shard \(shard); shard ids are 0 ..< \(count)"
        case .notInShard: "This node belongs to no shard yet; add it with add-member or a reshard"
        case .notEnoughNodes(let nodes, let count):
            "\(Plural.words(nodes, "node")) cannot hold \(Plural.words(count, "shard")) of two or more"
        case .badShardCount(let count): "\(count) is no shard count; it must be 1 ... 1000"
        case .changeRunning(let operation): "Another change of the layout is running: \(operation)"
        case .noMajority(let reached, let members):
            "Only \(reached) of the layout's \(members) members can vote, and a majority is needed; start the others, "
                + "or, where they are gone for good, ask again with \"force\":true"
        case .notRunning: "This node coordinates no reshard now"
        case .tooLateToAbort: "The point of no return is passed; the reshard completes"
        case .changeFailed(let failure): "The old layout stays in force: \(failure)"
        case .unknownNode(let node): "\(node) is not in the view; start it, or add it with PUT view, first"
        case .memberElsewhere(let node, let shard): "\(node) is a member of shard \(shard)"
        case .lastMember(let node, let shard):
            "\(node) is the last live member of shard \(shard); its keys would have no place"
        case .outdated: "The write met a later one; try again"
        case .busy: "Too many requests wait already; try again later"
        case .tooFewAcks(let needed):
            "Fewer than \(needed) members confirmed the write in time; it may still take effect"
        case .unconfirmed(let needed):
            "The key was written, and fewer than \(needed) members hold that; try again later"
        case .diskFailing:
            "The node cannot write to its disk, so it takes no writes; free space there, or use another node"
        case .stopping: "The node is stopping; use another one"
        }
    }

    /// What a refusal leaves unsaid whose words other programs check; nil for one that says it all.
    ///
    /// - Parameter silent: the nodes that it is due to, as nothing is heard of them.
    public func reason(silent: [NodeAddress] = []) -> String? {
        switch self {
        case .shardDown(let shard?):
            let down = silent.map(\.description).joined(separator: ", ")
            return "no member of shard \(shard) can serve it now"
                + (silent.isEmpty ? "" : "; start \(down) again, of which nothing is heard")
        case .shardDown(nil):
            return "whoever has the key did not answer in time, or this node knows of no layout yet; look at the "
                + "members, and at what this node waits for"
        case .notEnoughNodes(let nodes, let count):
            return "\(Plural.words(count, "shard")) of two or more members need "
                + "\(Plural.words(count * 2, "node")) that are up, and there \(nodes == 1 ? "is" : "are") \(nodes)"
        default: return nil
        }
    }

    /// The words where it is said already that a change failed.
    var cause: String {
        switch self {
        case .changeFailed(let failure): failure.description
        case .shardDown: "\(description): \(reason() ?? "")"
        default: description
        }
    }
}
