import ShardCore

extension APIResponse {
    /// The one place where refusals get their status; their words are their own. What others check of those stays as it
    /// is, and a `reason` beside it says more.
    ///
    /// - Parameter silent: the nodes that the refusal is due to, as nothing is heard of them.
    public init(
        _ refusal: Refusal, toMethod method: String, in family: NameFamily, silent: [NodeAddress] = []
    ) {
        let isLong = family == .long
        if case .notEnoughNodes = refusal {
            let words =
                isLong
                ? ("message", "Not enough nodes to provide fault-tolerance with the given shard count!")
                : ("error", "Not enough nodes to provide fault tolerance with requested shard count")
            self.init(status: 400, body: Self.body([words], refusal.reason()))
            return
        }
        let words = [("error", refusal.description)] + (isLong ? [("message", "Error in \(method)")] : [])
        self.init(status: Self.status(of: refusal), body: Self.body(words, refusal.reason(silent: silent)))
    }

    private static func body(_ words: [(String, String)], _ reason: String?) -> [UInt8] {
        JSONWriter.object(
            (words + (reason.map { [("reason", $0)] } ?? [])).map { ($0.0, JSONWriter.string($0.1)) })
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
