import ShardCore
import ShardWire

extension DashboardModel {
    /// What the dashboard itself sees and no node can say: that a node answers while its peers do not hear it, and that
    /// they hear it again. Among the events, so that those and the header say the same.
    mutating func noteCutOff(_ before: ClusterOverview) {
        let now = Set(overview.cutOff)
        let old = Set(before.cutOff)
        if let first = now.subtracting(old).min(), let verdict = overview.verdict() {
            see(.warning, first, verdict.long)
        }
        let back = overview.members.filter {
            old.contains($0.address) && !now.contains($0.address) && !$0.condition.isBad
        }
        guard let first = back.first else { return }
        let words = back.count == 1 ? "\(first.address) is heard" : "\(back.count) nodes are heard"
        see(.nodeUp, first.address, "\(words) by the others again")
    }

    private mutating func see(_ kind: Occurrence.Kind, _ node: NodeAddress, _ text: String) {
        let milliseconds = snapshot?.takenMilliseconds ?? nowMilliseconds
        take([
            ClusterEvent(sequence: 0, milliseconds: milliseconds, kind: kind, node: node, text: text, recordedBy: node)
        ])
    }
}
