import ShardCore

extension APIResponse {
    /// The one place where refusals get their status and words.
    init(_ refusal: Refusal, toMethod method: String, in family: NameFamily) {
        let isLong = family == .long
        if case .notEnoughNodes = refusal {
            let words =
                isLong
                ? ("message", "Not enough nodes to provide fault-tolerance with the given shard count!")
                : ("error", "Not enough nodes to provide fault tolerance with requested shard count")
            self.init(status: 400, body: JSONText.object([(words.0, JSONText.string(words.1))]))
            return
        }
        let (status, error) = Self.words(for: refusal)
        self.init(APIError(status, error, message: isLong ? "Error in \(method)" : nil))
    }

    private static func words(for refusal: Refusal) -> (Int, String) {
        switch refusal {
        case .dependenciesNotMet: (503, "Causal dependencies not satisfied; try again later")
        case .shardDown: (503, "Shard is down")
        case .foreignContext: (400, "causal-metadata names a node or a time that this cluster never had")
        case .noSuchShard(let shard, let count):
            (404, "There is no shard \(shard); shard ids are 0 ..< \(count)")
        case .notInShard: (404, "This node belongs to no shard yet; add it with add-member or a reshard")
        case .notEnoughNodes(let nodes, let count): (400, "\(nodes) nodes cannot hold \(count) shards of two or more")
        case .badShardCount(let count): (400, "\(count) is no shard count; it must be 1 ... 1000")
        case .changeRunning(let operation): (409, "Another change of the layout is running: \(operation)")
        case .noMajority(let reached, let members):
            (
                503,
                "Only \(reached) of the layout's \(members) members can vote, and a majority is needed; start the others, "
                    + "or, where they are gone for good, ask again with \"force\":true"
            )
        case .notRunning: (404, "This node coordinates no reshard now")
        case .tooLateToAbort: (409, "The point of no return is passed; the reshard completes")
        case .changeFailed(let reason): (503, "The old layout stays in force: \(reason)")
        case .unknownNode(let node): (404, "\(node) is not in the view; start it, or add it with PUT view, first")
        case .memberElsewhere(let node, let shard): (409, "\(node) is a member of shard \(shard)")
        case .lastMember(let node, let shard):
            (409, "\(node) is the last live member of shard \(shard); its keys would have no place")
        case .outdated: (503, "The write met a later one; try again")
        case .busy: (503, "Too many requests wait already; try again later")
        case .tooFewAcks(let needed):
            (503, "Fewer than \(needed) members confirmed the write in time; it may still take effect")
        case .unconfirmed(let needed):
            (503, "The key was written, and fewer than \(needed) members hold that; try again later")
        case .diskFailing:
            (507, "The node cannot write to its disk, so it takes no writes; free space there, or use another node")
        case .stopping: (503, "The node is stopping; use another one")
        }
    }
}
