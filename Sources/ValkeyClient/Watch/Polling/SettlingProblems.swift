/// Keeps back problems that may only be word that is still spreading: while slots move, or just after a failover, two
/// nodes asked side by side differ for a moment. A problem that is seen a second time is one.
struct SettlingProblems: Hashable, Sendable {
    /// Two looks that are closer count as one.
    private static let apartMilliseconds: UInt64 = 250

    private var firstSeen: [Topology.Problem: UInt64] = [:]
    private var settled: Set<Topology.Problem> = []
    /// The problems that were held back and turned out to be so, the last time.
    private(set) var newlySettled: [Topology.Problem] = []
    /// True while something is held back.
    var isWaiting: Bool { firstSeen.count > settled.count }

    /// - Returns: of what was found, what is to be shown; in the same order.
    mutating func settle(_ found: [Topology.Problem], _ now: UInt64) -> [Topology.Problem] {
        let fleeting = Set(found.filter(\.kind.isFleeting))
        firstSeen = firstSeen.filter { fleeting.contains($0.key) }
        settled.formIntersection(fleeting)
        for problem in fleeting where firstSeen[problem] == nil { firstSeen[problem] = now }
        newlySettled = found.filter { problem in
            guard let first = firstSeen[problem], !settled.contains(problem) else { return false }
            return now >= first + Self.apartMilliseconds
        }
        settled.formUnion(newlySettled)
        return found.filter { !$0.kind.isFleeting || settled.contains($0) }
    }
}

extension Topology.Problem.Kind {
    fileprivate var isFleeting: Bool {
        switch self {
        case .uncovered, .doublyOwned, .halfOpen, .disagreement, .noAddress, .leftOpen: true
        case .open, .failed, .suspected, .handshake: false
        }
    }
}
