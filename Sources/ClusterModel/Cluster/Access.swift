/// Who is let into a cluster, as its nodes tell.
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
    /// Who or what is as open as it says: "cluster", or "peers" or "clients" where the others are let in by proof alone.
    public var subject: String
    /// Good where what is open can be reached from its own machine only.
    public var level: Level
    /// What stands open, a sentence each.
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
