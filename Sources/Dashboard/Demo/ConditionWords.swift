extension DashboardModel {
    /// True for a node that was stopped or cut off on purpose.
    func isInjured(_ member: ClusterOverview.Member) -> Bool {
        demo?.isolated.contains(member.address) == true || demo?.paused.contains(member.address) == true
    }

    /// How a node is; of what was done to it on purpose, that.
    func words(of member: ClusterOverview.Member) -> String {
        if demo?.isolated.contains(member.address) == true, !member.condition.isBad { return "cut off" }
        if demo?.paused.contains(member.address) == true { return "paused" }
        return member.condition.words
    }
}
