import ShardCore

extension APIResponse {
    /// The one place where refusals get their status; their words are their own.
    init(_ refusal: Refusal, toMethod method: String, in family: NameFamily) {
        let isLong = family == .long
        if case .notEnoughNodes = refusal {
            let words =
                isLong
                ? ("message", "Not enough nodes to provide fault-tolerance with the given shard count!")
                : ("error", "Not enough nodes to provide fault tolerance with requested shard count")
            self.init(status: 400, body: JSONWriter.object([(words.0, JSONWriter.string(words.1))]))
            return
        }
        self.init(
            APIError(Self.status(of: refusal), refusal.description, message: isLong ? "Error in \(method)" : nil))
    }

    private static func status(of refusal: Refusal) -> Int {
        switch refusal {
        case .foreignContext, .contextOfAnotherCluster, .notEnoughNodes, .badShardCount: 400
        case .noSuchShard, .notInShard, .notRunning, .unknownNode, .notHeard: 404
        case .changeRunning, .tooLateToAbort, .memberElsewhere, .lastMember, .ofAnotherCluster: 409
        case .dependenciesNotMet, .shardDown, .noMajority, .changeFailed, .outdated, .busy, .stopping, .tooFewAcks,
            .unconfirmed, .twin:
            503
        case .diskFailing: 507
        }
    }
}
