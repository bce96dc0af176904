import ClusterModel

extension DashboardModel {
    /// What a node says is of the second before: what is over shows in it for so long.
    private static let ownWorkShowsMilliseconds: UInt64 = 2_000

    /// How long a poll's figures count, where the next one does not come: then it is overdue.
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
