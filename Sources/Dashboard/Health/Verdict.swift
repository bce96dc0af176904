import ClusterModel
import Wording

/// How a cluster is, in words: the worst first, and what an operator can do about it.
///
/// Made of one look at the cluster and nothing else: the same look gives the same verdict. Figures that move all the time
/// are in none of its words, so that two verdicts differ where the cluster does.
public struct Verdict: Hashable, Sendable, Codable {
    /// From the best to the worst.
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

    /// One thing that is so.
    public struct Finding: Hashable, Sendable, Codable {
        public var rank: Rank
        /// Without a full stop: "shard 1 has one member left".
        public var words: String
        /// What can be done about it, without a full stop; nil where nothing needs to be.
        public var advice: String?
        /// The nodes that it is about; empty for the cluster as a whole.
        public var nodes: [MemberID]

        public init(_ rank: Rank, _ words: String, advice: String? = nil, nodes: [MemberID] = []) {
            self.rank = rank
            self.words = words
            self.advice = advice
            self.nodes = nodes
        }
    }

    public let rank: Rank
    /// The worst first; empty where all is well.
    public let findings: [Finding]

    public static let ok = Verdict([])

    /// - Parameter findings: in the order in which those of one rank are to be told.
    public init(_ findings: [Finding]) {
        self.findings = Rank.allCases.reversed().flatMap { rank in findings.filter { $0.rank == rank } }
        rank = self.findings.first?.rank ?? .ok
    }

    /// In a line: "degraded: shard 1 has one member left". What is only to be known does not spoil an "ok".
    public var words: String {
        guard let worst, rank != .ok else { return rank.rawValue }
        return "\(rank.rawValue): \(worst.words)"
    }

    public var worst: Finding? { findings.first }

    /// How bad it is, for a colour.
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
    ///   - demo: what was done to its nodes on purpose, where it is this program's own; nil elsewhere.
    ///   - stall: how a running change stands still; nil while it goes on.
    public init(_ cluster: Cluster, demo: DemoState? = nil, stall: String? = nil) {
        self.init(Findings(cluster: cluster, demo: demo, stall: stall).all)
    }
}
