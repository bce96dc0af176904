/// Questions for the key counts of other shards: one member after the other is asked until one answers.
struct KeyCountQueries: Sendable {
    private struct Query: Sendable {
        let client: RequestID
        let shard: Int
        var tried: [NodeAddress] = []
        var sentMicroseconds: UInt64 = 0
    }

    private var open: [UInt64: Query] = [:]

    private static let answerMilliseconds: UInt64 = 1_000

    mutating func begin(_ id: UInt64, shard: Int, for client: RequestID) {
        assert(open[id] == nil, "question \(id) is asked twice")
        open[id] = Query(client: client, shard: shard)
    }

    /// The shard that a question is about, and the members asked so far; nil if the question is not open.
    func tries(_ id: UInt64) -> (shard: Int, tried: [NodeAddress])? { open[id].map { ($0.shard, $0.tried) } }

    mutating func note(_ id: UInt64, sentTo member: NodeAddress, _ now: Instant) {
        assert(open[id].map { !$0.tried.contains(member) } ?? false, "\(member) is asked twice in question \(id)")
        open[id]?.tried.append(member)
        open[id]?.sentMicroseconds = now.monotonicMicroseconds
    }

    /// - Returns: the client request to answer.
    mutating func end(_ id: UInt64) -> RequestID? { open.removeValue(forKey: id)?.client }

    /// The questions that wait for `node`.
    func waiting(for node: NodeAddress) -> [UInt64] {
        open.filter { $0.value.tried.last == node }.map(\.key).sorted()
    }

    /// The questions whose member takes too long.
    func overdue(_ now: Instant) -> [UInt64] {
        open.filter { now.hasPassed(Self.answerMilliseconds, since: $0.value.sentMicroseconds) }.map(\.key).sorted()
    }
}
