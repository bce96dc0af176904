import ClusterModel

extension DashboardModel {
    /// Notes what only the dashboard can see: that a node answers while its peers do not hear it, and that they hear it
    /// again. This goes among the events, so that events and header say the same.
    mutating func noteCutOff(_ before: Cluster?) {
        let now = Set(overview.cutOff)
        let old = Set(before?.cutOff ?? [])
        if let first = now.subtracting(old).min(), let trouble = overview.troubles.first {
            see(.warning, first, trouble.long)
        }
        let back = members.filter {
            old.contains($0.id) && !now.contains($0.id) && !$0.condition.isBad
        }
        guard let first = back.first else { return }
        let words = back.count == 1 ? "\(first.id) is heard" : "\(back.count) nodes are heard"
        see(.nodeUp, first.id, "\(words) by the others again")
    }

    private mutating func see(_ kind: Event.Kind, _ node: MemberID, _ text: String) {
        let milliseconds = snapshot?.takenMilliseconds ?? nowMilliseconds
        take([
            Event(milliseconds: milliseconds, kind: kind, node: node, text: text, recordedBy: node)
        ])
    }
}

extension Cluster {
    /// Nodes that answer while their peers do not hear them.
    var cutOff: [MemberID] { members.filter(\.isCutOff).map(\.id) }
}
