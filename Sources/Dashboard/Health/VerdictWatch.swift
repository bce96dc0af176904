/// Notices when the verdict changes, and tells each change once. What holds for one poll alone is not told: it may be
/// gone with the next.
struct VerdictWatch: Equatable, Sendable {
    /// What was told last; nil before the first poll.
    private var told: Verdict?
    /// What came last, where that is another.
    private var candidate: Verdict?

    /// - Returns: the change, where it is one that has lasted.
    mutating func take(_ verdict: Verdict) -> VerdictChange? {
        guard let told else {
            self.told = verdict
            return nil
        }
        guard verdict.words != told.words else {
            candidate = nil
            return nil
        }
        guard candidate?.words == verdict.words else {
            candidate = verdict
            return nil
        }
        self.told = verdict
        candidate = nil
        return VerdictChange(before: told, after: verdict)
    }
}

/// How the verdict was, and how it is.
public struct VerdictChange: Hashable, Sendable {
    public var before: Verdict
    public var after: Verdict

    public init(before: Verdict, after: Verdict) {
        self.before = before
        self.after = after
    }
}
