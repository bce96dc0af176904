import ClusterModel

/// The conditions of nodes in words. If a node was injured on purpose, they tell that.
struct ConditionWords: Equatable, Sendable {
    private let isolated: Set<MemberID>
    private let paused: Set<MemberID>

    init(_ demo: DemoState?) {
        isolated = Set(demo?.isolated ?? [])
        paused = Set(demo?.paused ?? [])
    }

    /// True for a node that was stopped or cut off on purpose.
    func isInjured(_ member: Member) -> Bool { isolated.contains(member.id) || paused.contains(member.id) }

    func words(of member: Member) -> String {
        if isolated.contains(member.id), !member.condition.isBad { return "cut off" }
        if paused.contains(member.id) { return "paused" }
        // Of a healthy primary or replica, its role says more than its condition.
        return member.condition.isGood && member.shard != nil && member.role != .equal
            ? member.role.rawValue : member.condition.words
    }
}

extension DashboardModel {
    /// True for a node that was stopped or cut off on purpose.
    func isInjured(_ member: Member) -> Bool { conditions.isInjured(member) }

    func words(of member: Member) -> String { conditions.words(of: member) }
}
