import ClusterModel

/// Choosing the particulars of a goal, seeing what reaching it would do, and confirming it.
public struct GoalDialog: Equatable, Sendable {
    public var draft: GoalDraft
    /// The index of the field that is chosen or typed into.
    public var field = 0
    /// The goal that the preview belongs to.
    public var goal: Goal?
    public var preview = PlanPreview.none
    /// Cancel has the focus until the user moves it.
    public var isConfirming = false
    /// The reason why the goal was not started when it was confirmed.
    public var problem: String?

    public init(_ draft: GoalDraft) { self.draft = draft }
}
