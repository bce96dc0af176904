import ShardCore
import ShardWire
import TerminalUI

/// What happens to the dashboard.
public enum Action: Equatable, Sendable {
    case key(KeyEvent)
    case snapshot(ClusterSnapshot, ClusterCapabilities)
    case events([ClusterEvent])
    case tick(milliseconds: UInt64)
    case demo(DemoState)
    case planned(shardCount: Int, ReshardPlan)
    case planFailed(shardCount: Int, String)
    case located(KeyLocation)
    case locateFailed(key: String, String)
    /// What the user started has ended: well, or with a problem.
    case ended(Effect, problem: String?)
}

/// What the dashboard wants done.
public enum Effect: Equatable, Sendable {
    case plan(shardCount: Int)
    case reshard(shardCount: Int)
    case abort
    case addMember(NodeAddress, shard: Int)
    case locate(key: String)
    case kill(NodeAddress)
    case restart(NodeAddress)
    case pause(NodeAddress, isPaused: Bool)
    case startNode
    case traffic(Bool)
    /// Poll at this rate from now on, and once at once.
    case poll(everyMilliseconds: UInt64)
    case quit

    /// For the log.
    var words: String {
        switch self {
        case .plan(let count): "dry run of a reshard to \(count)"
        case .reshard(let count): "reshard to \(Figures.plural(count, "shard"))"
        case .abort: "abort"
        case .addMember(let node, let shard): "add \(node) to shard \(shard)"
        case .locate(let key): "where is \(key)"
        case .kill(let node): "kill -9 \(node)"
        case .restart(let node): "start \(node) again"
        case .pause(let node, let isPaused): isPaused ? "pause \(node)" : "let \(node) go on"
        case .startNode: "start one node more"
        case .traffic(let isOn): isOn ? "client traffic on" : "client traffic off"
        case .poll, .quit: ""
        }
    }
}
