import ShardCore
import TerminalUI

extension DashboardModel {
    private static let trafficPointsMax = 240

    mutating func take(_ state: DemoState) {
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
        guard let demo else { return nil }
        switch key {
        case .character("L"): return [.traffic(demo.traffic == nil)]
        case .character("n"): return [.startNode]
        case .character("x"), .character("X"), .character("p"): break
        default: return nil
        }
        guard let node = selected?.address else { return [] }
        switch key {
        case .character("x"): return [.kill(node)]
        case .character("X"): return [.restart(node)]
        default: return [.pause(node, isPaused: !demo.paused.contains(node))]
        }
    }
}
