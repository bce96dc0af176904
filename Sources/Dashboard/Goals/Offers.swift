import ClusterModel

/// The changes that can be made now.
extension DashboardModel {
    /// The offer of a command that changes the cluster.
    /// - Parameter isPossible: whether there is anything that can be changed this way.
    func offer(_ feature: Features.Offer, where isPossible: Bool = true) -> Command.Offer {
        if replay != nil { return .refused("a recording cannot be changed") }
        guard isPossible else { return .absent }
        guard feature.isOffered else { return feature.reason.map { .refused($0) } ?? .absent }
        if isReadOnly { return .refused("read-only: nothing here changes the cluster") }
        return isReached ? .offered : .refused("no node answers")
    }

    /// The offer of a change that must wait until no other one runs.
    func offerAlone(_ feature: Features.Offer, where isPossible: Bool = true) -> Command.Offer {
        let offer = offer(feature, where: isPossible)
        guard offer == .offered, isMigrating, let change else { return offer }
        guard change.isOurs else { return .refused(Self.words(ofForeign: change)) }
        let name = change.name.contains(" ") ? change.name : "a " + change.name
        return .refused("\(name) is running; wait for it, or abort it with a")
    }

    static func words(ofForeign change: Change) -> String {
        "somebody else changes the cluster (\(change.title)); wait for it"
    }

    func offer(of draft: GoalDraft) -> Command.Offer {
        switch draft {
        case .rebalance: offerAlone(features.rebalance)
        case .move: offerAlone(features.moveSlots)
        case .add: offerAlone(features.addMember)
        case .remove: offerAlone(features.removeMember)
        case .failover: offer(features.failover)
        case .repair: offerAlone(features.repair)
        }
    }

    /// True if the cluster deals out slots one by one, and a change says what becomes of each.
    var hasSlots: Bool { overview.slots != nil }
}
