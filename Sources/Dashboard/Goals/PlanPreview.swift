import ClusterModel

/// The state of a dialog's preview, which shows what reaching its goal would do.
public enum PlanPreview: Equatable, Sendable {
    /// Not everything is chosen, or the cluster cannot tell.
    case none
    case asking
    case ready(Plan)
    case failed(String)

    /// The plan that is shown, and that the user agrees to by confirming.
    public var plan: Plan? {
        guard case .ready(let plan) = self else { return nil }
        return plan
    }
}
