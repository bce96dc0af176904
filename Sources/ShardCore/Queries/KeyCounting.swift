/// A question for another shard's key count.
struct KeyCountQuery: Sendable {
    let client: RequestID
    let shard: Int
    var tried: [NodeAddress] = []
    var sentMicroseconds: UInt64 = 0
}

extension Replica {
    private static let answerMilliseconds: UInt64 = 1_000

    mutating func startKeyCount(_ asked: Int, id: RequestID) {
        if asked == shard, state == .serving { return reply(id, .keyCount(store.tally.keys)) }
        let question = newQuestion()
        keyCounts[question] = KeyCountQuery(client: id, shard: asked)
        askKeyCount(question)
    }

    private mutating func askKeyCount(_ id: UInt64) {
        guard var query = keyCounts[id] else { return }
        guard layout.shards.indices.contains(query.shard),
            let member = layout.shards[query.shard].filter({
                $0 != address && isUp($0) && !query.tried.contains($0)
            }).min(by: { rank($0) < rank($1) })
        else {
            keyCounts[id] = nil
            return reply(query.client, .refused(.shardDown(shard: query.shard)))
        }
        query.tried.append(member)
        query.sentMicroseconds = now.monotonicMicroseconds
        keyCounts[id] = query
        send(
            .forward(Forward(id: id, timestamp: 0, isRetry: false, request: .keyCount(shard: query.shard))),
            to: member)
    }

    /// Members that say they serve come first.
    private func rank(_ node: NodeAddress) -> Int { peers[node]?.state == .serving ? 0 : 1 }

    mutating func receiveForwardedCount(id: UInt64, _ answer: Reply) -> Bool {
        guard let query = keyCounts[id] else { return false }
        if case .keyCount = answer {
            keyCounts[id] = nil
            reply(query.client, answer)
        } else {
            askKeyCount(id)
        }
        return true
    }

    mutating func retryCounts(to node: NodeAddress) {
        for id in keyCounts.keys.sorted() where keyCounts[id]?.tried.last == node { askKeyCount(id) }
    }

    mutating func expireKeyCounts() {
        for id in keyCounts.keys.sorted() {
            guard let query = keyCounts[id], hasPassed(Self.answerMilliseconds, since: query.sentMicroseconds) else {
                continue
            }
            askKeyCount(id)
        }
    }
}
