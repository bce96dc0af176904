import ClusterModel
import Wording

/// The state of a cluster in words: the worst finding first, and what an operator can do about it.
///
/// It is made from one look at the cluster and nothing else: the same look gives the same verdict. Its words have no
/// figures that change all the time, so that two verdicts differ only if the cluster does.
public struct Verdict: Hashable, Sendable, Codable {
    /// The ranks from the best to the worst.
    public enum Rank: String, CaseIterable, Codable, Sendable, Comparable {
        case ok
        /// Somebody changes the layout, and nothing is wrong.
        case changing
        /// Keys are served, and the next failure may end that, or lose something.
        case degraded
        /// Keys cannot be served.
        case down

        public static func < (left: Self, right: Self) -> Bool { left.place < right.place }

        private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// One thing that is true of the cluster.
    public struct Finding: Hashable, Sendable, Codable {
        public var rank: Rank
        /// The finding in words, without a full stop: "shard 1 has one member left".
        public var words: String
        /// The advice, without a full stop; nil if nothing needs to be done.
        public var advice: String?
        /// The nodes that the finding is about; empty for the cluster as a whole.
        public var nodes: [MemberID]

        public init(_ rank: Rank, _ words: String, advice: String? = nil, nodes: [MemberID] = []) {
            self.rank = rank
            self.words = words
            self.advice = advice
            self.nodes = nodes
        }
    }

    public let rank: Rank
    /// The findings, the worst first; empty if all is well.
    public let findings: [Finding]

    public static let ok = Verdict([])

    /// - Parameter findings: all findings, those of one rank in the order in which they are to be told.
    public init(_ findings: [Finding]) {
        self.findings = Rank.allCases.reversed().flatMap { rank in findings.filter { $0.rank == rank } }
        rank = self.findings.first?.rank ?? .ok
    }

    /// The verdict in a line: "degraded: shard 1 has one member left". A finding of rank `ok` leaves it at "ok".
    public var words: String {
        guard let worst, rank != .ok else { return rank.rawValue }
        return "\(rank.rawValue): \(worst.words)"
    }

    public var worst: Finding? { findings.first }

    /// The level of the rank, for its colour.
    public var level: Level {
        switch rank {
        case .ok, .changing: .good
        case .degraded: .warning
        case .down: .bad
        }
    }
}

extension Verdict {
    /// - Parameters:
    ///   - cluster: one look at it.
    ///   - demo: the faults made on purpose, if the cluster is this program's own; otherwise nil.
    ///   - stall: the advice on a running change that stands still; nil while it goes on.
    public init(_ cluster: Cluster, demo: DemoState? = nil, stall: String? = nil) {
        self.init(Findings(cluster: cluster, demo: demo, stall: stall).all)
    }
}
