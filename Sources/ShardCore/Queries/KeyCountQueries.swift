/// Questions for other shards' key counts: one member after the other is asked until one tells.
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

    /// Which shard is asked about, and who was tried; nil for what is no question, or not any more.
    func tries(_ id: UInt64) -> (shard: Int, tried: [NodeAddress])? { open[id].map { ($0.shard, $0.tried) } }

    mutating func note(_ id: UInt64, sentTo member: NodeAddress, _ now: Instant) {
        assert(open[id].map { !$0.tried.contains(member) } ?? false, "\(member) is asked twice in question \(id)")
        open[id]?.tried.append(member)
        open[id]?.sentMicroseconds = now.monotonicMicroseconds
    }

    /// - Returns: whom to answer.
    mutating func end(_ id: UInt64) -> RequestID? { open.removeValue(forKey: id)?.client }

    /// Those that wait for a node.
    func waiting(for node: NodeAddress) -> [UInt64] {
        open.filter { $0.value.tried.last == node }.map(\.key).sorted()
    }

    /// Those whose member takes too long.
    func overdue(_ now: Instant) -> [UInt64] {
        open.filter { now.hasPassed(Self.answerMilliseconds, since: $0.value.sentMicroseconds) }.map(\.key).sorted()
    }
}
