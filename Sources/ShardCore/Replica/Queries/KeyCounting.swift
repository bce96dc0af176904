extension Replica {
    mutating func startKeyCount(_ asked: Int, id: RequestID) {
        if asked == shard, state == .serving { return reply(id, .keyCount(store.tally.keys)) }
        let question = queries.ids.next()
        queries.keyCounts.begin(question, shard: asked, for: id)
        askKeyCount(question)
    }

    mutating func askKeyCount(_ id: UInt64) {
        guard let (shard, tried) = queries.keyCounts.tries(id) else { return }
        guard layout.shards.indices.contains(shard),
            let member = layout.shards[shard].filter({ $0 != address && isUp($0) && !tried.contains($0) })
                .min(by: { rank($0) < rank($1) })
        else {
            if let client = queries.keyCounts.end(id) { reply(client, .refused(.shardDown(shard: shard))) }
            return
        }
        queries.keyCounts.note(id, sentTo: member, now)
        send(.forward(Forward(id: id, timestamp: 0, isRetry: false, request: .keyCount(shard: shard))), to: member)
    }

    /// Members that say they serve come first.
    private func rank(_ node: NodeAddress) -> Int { peers[node]?.state == .serving ? 0 : 1 }

    /// - Returns: false for what is no answer to such a question.
    mutating func receiveForwardedCount(id: UInt64, _ answer: Reply) -> Bool {
        guard queries.keyCounts.tries(id) != nil else { return false }
        if case .keyCount = answer {
            if let client = queries.keyCounts.end(id) { reply(client, answer) }
        } else {
            askKeyCount(id)
        }
        return true
    }

    mutating func retryCounts(to node: NodeAddress) {
        for id in queries.keyCounts.waiting(for: node) { askKeyCount(id) }
    }
}
