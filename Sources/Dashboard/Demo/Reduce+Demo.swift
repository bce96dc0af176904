import ShardCore
import TerminalUI

extension DashboardModel {
    private static let trafficPointsMax = 240

    mutating func take(_ state: DemoState) {
        if let traffic = state.traffic, let problem = traffic.problem, traffic.errors > demo?.traffic?.errors ?? 0 {
            note(problem, isProblem: true, of: "client")
        }
        demo = state
        guard let traffic = state.traffic else {
            trafficHistory = []
            return
        }
        trafficHistory.append(traffic.operationsPerSecond)
        if trafficHistory.count > Self.trafficPointsMax { trafficHistory.removeFirst() }
    }

    /// Faults and traffic; nil for a key that is none of them, or where the cluster is not this program's own.
    mutating func pressDemo(_ key: KeyEvent) -> [Effect]? {
        // Of a frozen screen what is known now decides, not what is shown.
        guard isControlled, let demo = held.demo ?? demo else { return nil }
        switch key {
        case .character("L"): return [.traffic(demo.traffic == nil)]
        case .character("n"): return [.startNode]
        case .character("."): return stepOn()
        case .character(","): return stepOff()
        case .character("x"), .character("X"), .character("p"), .character("P"): break
        default: return nil
        }
        guard let node = selected?.address else { return [] }
        switch key {
        case .character("x"): return [.kill(node)]
        case .character("X"): return [.restart(node)]
        case .character("P"): return [.isolate(node, isIsolated: !demo.isolated.contains(node))]
        default: return [.pause(node, isPaused: !demo.paused.contains(node))]
        }
    }

    /// Stops a running reshard before its next batch, then lets it do one at a time; without one, the next reshard
    /// begins in steps.
    mutating func stepOn() -> [Effect] {
        let wasStepping = isStepping
        isStepping = true
        guard let reshard, !reshard.phase.isEnd else {
            if !wasStepping { note("the next reshard waits for . before each step; , ends that") }
            return []
        }
        return [.step(reshard.step == nil ? .on : .next)]
    }

    mutating func stepOff() -> [Effect] {
        guard isStepping else { return [] }
        isStepping = false
        if isMigrating { return [.step(.off)] }
        note("reshards go on by themselves")
        return []
    }
}
