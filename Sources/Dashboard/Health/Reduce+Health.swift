import ClusterModel
import Wording

extension DashboardModel {
    /// A change of the layout without progress for so long needs somebody.
    static let stallMilliseconds: UInt64 = 10_000

    /// Makes the verdict once a poll, as many frames are drawn between two polls.
    mutating func judge() {
        verdict = Verdict(overview, demo: demo, stall: stall)
    }

    /// Notes a change of the verdict and asks for an alert, once the new verdict has lasted.
    mutating func watchVerdict() -> [Effect] {
        // While a demo's nodes start, or a recording is played, there is nobody to alert.
        guard demo?.starting == nil, replay == nil, hasAnswer, let change = verdictWatch.take(verdict) else {
            return []
        }
        note(
            "\(change.after.words) (before: \(change.before.words))", isProblem: change.after.rank >= .degraded,
            of: "shardtop")
        // The line has the snapshot's time, so that a replay tells the same by whatever way it comes there.
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
