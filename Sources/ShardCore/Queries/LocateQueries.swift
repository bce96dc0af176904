/// Questions for where keys live, each until every member that was asked has said what it holds.
struct LocateQueries: Sendable {
    private struct Query: Sendable {
        let client: RequestID
        var location: KeyLocation
        let startedMicroseconds: UInt64

        var isAnswered: Bool { location.members.allSatisfy { $0.answered || $0.health != .up } }
    }

    private var open: [UInt64: Query] = [:]

    private static let answerMilliseconds: UInt64 = 500

    mutating func begin(_ id: UInt64, _ location: KeyLocation, for client: RequestID, _ now: Instant) {
        assert(open[id] == nil, "question \(id) is asked twice")
        open[id] = Query(client: client, location: location, startedMicroseconds: now.monotonicMicroseconds)
    }

    /// A member has said which version it holds.
    ///
    /// - Returns: the answer where it was the last one that was missing.
    mutating func noteAnswer(
        _ id: UInt64, _ version: Version?, isTombstone: Bool, from member: NodeAddress
    ) -> (client: RequestID, location: KeyLocation)? {
        guard var query = open[id], let index = query.location.members.firstIndex(where: { $0.address == member })
        else { return nil }
        query.location.members[index].answered = true
        query.location.members[index].version = version.map {
            KeyLocation.VersionLabel(version: $0, isTombstone: isTombstone)
        }
        open[id] = query.isAnswered ? nil : query
        return query.isAnswered ? (query.client, query.location) : nil
    }

    /// Ends those that had their time, with what was heard.
    mutating func expired(_ now: Instant) -> [(client: RequestID, location: KeyLocation)] {
        let overdue = open.filter { now.hasPassed(Self.answerMilliseconds, since: $0.value.startedMicroseconds) }
        return overdue.sorted { $0.key < $1.key }.map { id, query in
            open[id] = nil
            return (query.client, query.location)
        }
    }
}
