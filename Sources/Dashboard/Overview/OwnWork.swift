import ClusterModel

extension DashboardModel {
    /// How long own work still shows in the nodes' figures after its end, as these are of the second before.
    private static let ownWorkShowsMilliseconds: UInt64 = 2_000

    /// How long a poll's figures count if no other poll follows: after that the next one is overdue.
    var holdMilliseconds: UInt64 { 2 * pollMilliseconds + 1_500 }

    /// True while this program itself reads or writes keys: it loads them, checks them, or counts them for a plan.
    var isAtOwnWork: Bool {
        if let loading = demo?.loading, loading.problem == nil { return true }
        if readBack?.isRunning == true { return true }
        guard hasSlots, case .goal(let dialog)? = overlay else { return false }
        return dialog.preview == .asking
    }

    mutating func noteOwnWork(atMilliseconds now: UInt64) {
        if isAtOwnWork { ownWorkUntilMilliseconds = now + Self.ownWorkShowsMilliseconds }
    }
}
