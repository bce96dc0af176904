/// A presenter's word to a running change.
public enum StepCommand: String, Hashable, Sendable, CaseIterable {
    /// Stop before each phase and each batch from now on.
    case on
    /// Do the next batch, or enter the next phase.
    case next
    /// Go on without stops.
    case off
}
