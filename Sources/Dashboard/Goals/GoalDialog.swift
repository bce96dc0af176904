import ClusterModel

/// Choosing the particulars of a goal, seeing what reaching it would do, and confirming it.
public struct GoalDialog: Equatable, Sendable {
    public var draft: GoalDraft
    /// The place of the field that is chosen or typed in.
    public var field = 0
    /// What the preview is of.
    public var goal: Goal?
    public var preview = PlanPreview.none
    /// Cancel has the focus until the user moves it.
    public var isConfirming = false
    /// Why it was not done when it was confirmed.
    public var problem: String?

    public init(_ draft: GoalDraft) { self.draft = draft }
}
