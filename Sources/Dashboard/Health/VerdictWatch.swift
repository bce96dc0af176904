/// Notices when the verdict changes, and tells each change once. A verdict that holds for one poll alone is not told,
/// as it may be gone with the next.
struct VerdictWatch: Equatable, Sendable {
    /// The verdict that was told last; nil before the first poll.
    private var told: Verdict?
    /// The newest verdict, if it differs from the one told.
    private var candidate: Verdict?

    /// - Returns: the change, if it has lasted.
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

/// The verdict before a change and after it.
public struct VerdictChange: Hashable, Sendable {
    public var before: Verdict
    public var after: Verdict

    public init(before: Verdict, after: Verdict) {
        self.before = before
        self.after = after
    }
}
