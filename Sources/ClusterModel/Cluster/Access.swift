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
    /// A few words: "open cluster", "clients open".
    public var words: String
    /// Good where what is open can be reached from its own machine only.
    public var level: Level
    /// What stands open, a sentence each.
    public var weaknesses: [String]

    public init(_ standing: Standing, _ words: String, level: Level, weaknesses: [String]) {
        self.standing = standing
        self.words = words
        self.level = level
        self.weaknesses = weaknesses
    }
}
