import ClusterModel

extension DashboardModel {
    /// True for a node that was stopped or cut off on purpose.
    func isInjured(_ member: Member) -> Bool {
        demo?.isolated.contains(member.id) == true || demo?.paused.contains(member.id) == true
    }

    /// How a node is; of what was done to it on purpose, that.
    func words(of member: Member) -> String {
        if demo?.isolated.contains(member.id) == true, !member.condition.isBad { return "cut off" }
        if demo?.paused.contains(member.id) == true { return "paused" }
        // Of primaries and replicas that are well, which of the two it is says more.
        return member.condition.isGood && member.shard != nil && member.role != .equal
            ? member.role.rawValue : member.condition.words
    }
}
