import ClusterModel

/// What a dialog knows of what its goal would do.
public enum PlanPreview: Equatable, Sendable {
    /// Not everything is chosen, or nobody can tell.
    case none
    case asking
    case ready(Plan)
    case failed(String)

    /// What is shown, and agreed to by who confirms.
    public var plan: Plan? {
        guard case .ready(let plan) = self else { return nil }
        return plan
    }
}
