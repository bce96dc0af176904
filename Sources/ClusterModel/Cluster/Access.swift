/// How open a cluster is to peers and clients, as its nodes tell.
public struct Access: Codable, Hashable, Sendable {
    public enum Standing: String, Codable, Hashable, Sendable {
        /// Whoever reaches it may do all.
        case open
        /// Peers or clients show who they are, and the others need not.
        case halfOpen
        /// Peers and clients show who they are.
        case closed
    }

    public var standing: Standing
    /// The part of the cluster that the standing is about: "cluster", or "peers" or "clients" if the others need a
    /// proof.
    public var subject: String
    /// Good if the open part can be reached from its own machine only.
    public var level: Level
    /// The weaknesses, a sentence each.
    public var weaknesses: [String]

    /// "cluster open", "clients open", "cluster closed".
    public var words: String { "\(subject) \(state)" }
    public var state: String { standing == .closed ? "closed" : "open" }

    public init(_ standing: Standing, of subject: String, level: Level, weaknesses: [String]) {
        self.standing = standing
        self.subject = subject
        self.level = level
        self.weaknesses = weaknesses
    }
}
