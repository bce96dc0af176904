import ClusterModel
import Wording

extension DashboardModel {
    /// A change of the layout that has not gone on for so long needs somebody.
    static let stallMilliseconds: UInt64 = 10_000

    /// Once a poll: a frame is drawn many times between two.
    mutating func judge() {
        verdict = Verdict(overview, demo: demo, stall: stall)
    }

    /// Tells of a verdict that has changed, where it lasts.
    mutating func watchVerdict() -> [Effect] {
        // While a demo's nodes start, and where a recording is played, there is nobody to call.
        guard demo?.starting == nil, replay == nil, hasAnswer, let change = verdictWatch.take(verdict) else {
            return []
        }
        note(
            "\(change.after.words) (before: \(change.before.words))", isProblem: change.after.rank >= .degraded,
            of: "shardtop")
        // When it was seen, so that a recording tells the same however one comes to it.
        if let seen = snapshot?.takenMilliseconds { log[log.count - 1].milliseconds = seen }
        return [.alert(change)]
    }

    private var stall: String? {
        guard let change, !change.isOver, change.step != .waiting, let snapshot,
            let still = changeWatch?.stillMilliseconds(at: snapshot.takenMilliseconds),
            still >= Self.stallMilliseconds
        else { return nil }
        let waited = change.waitingFor.map { "it waits for \($0)" } ?? "look at the nodes that take part in it"
        return waited + (change.isAbortable && change.isOurs ? "; abort is safe" : "")
    }
}
