import ShardWire
import TerminalUI

extension DashboardModel {
    /// Keys that would change a cluster, or ask it.
    private static let keysForClusters: Set<Character> = ["r", "a", "A", "x", "X", "p", "P", "n", "L"]

    /// The keys of a replay; nil for one that means the same as ever, or where a cluster is watched.
    mutating func pressReplay(_ key: KeyEvent) -> [Effect]? {
        guard replay != nil, case .character(let character) = key else { return nil }
        switch character {
        case " ", "f": return [.replay(.pauseOrGoOn)]
        case ".": return [.replay(.stepForward)]
        case ",": return [.replay(.stepBack)]
        case "]": return [.replay(.scrub(seconds: 10))]
        case "[": return [.replay(.scrub(seconds: -10))]
        case "}": return [.replay(.scrub(seconds: 60))]
        case "{": return [.replay(.scrub(seconds: -60))]
        case "0": return [.replay(.toStart)]
        case "$": return [.replay(.toEnd)]
        case ">": return [.replay(.quicker)]
        case "<": return [.replay(.slower)]
        case "o": return [.replay(.loop)]
        case "+", "=", "-": return []
        case "w":
            note("a recording cannot be asked for a key", isProblem: true)
            return []
        case _ where Self.keysForClusters.contains(character):
            note("a recording cannot be changed", isProblem: true)
            return []
        default: return nil
        }
    }

    /// Takes what a replay knows of the cluster; what the user chose on the screen stays.
    mutating func take(_ moment: ReplayMoment) {
        let watched = moment.watched
        if watched.nowMilliseconds < nowMilliseconds {
            // What was noted later has not happened yet, and what was put away comes again.
            log.removeAll { $0.milliseconds > watched.nowMilliseconds }
            dismissed = nil
        }
        let lines = eventScroll > 0 ? eventLines.count : 0
        replay = moment.position
        nowMilliseconds = watched.nowMilliseconds
        if reshard?.phase != watched.reshard?.phase { migrationScroll = 0 }
        snapshot = watched.snapshot
        let chosen = chosen
        overview = watched.overview
        overview.sort(by: sortOrder)
        history = watched.history
        flow = watched.flow
        demo = watched.demo
        trafficHistory = watched.trafficHistory
        capabilities = watched.capabilities
        events = watched.events
        if eventScroll > 0 { scrollEvents(by: eventLines.count - lines) }
        pollMilliseconds = watched.pollMilliseconds
        reshardWatch = watched.reshardWatch
        keysOfChange = watched.keysOfChange
        startedMilliseconds = watched.startedMilliseconds
        readBack = watched.readBack
        choose(chosen)
    }
}
