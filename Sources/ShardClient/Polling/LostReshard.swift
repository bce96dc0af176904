import ShardCore
import ShardWire
import Wording

/// A reshard whose coordinator fell silent before it answered, judged by what the other nodes tell of it.
struct LostReshard {
    enum Verdict: Equatable {
        /// A layout as asked for is in force.
        case done
        /// The change was given up, for this reason.
        case ended(String)
        /// Some node takes part in a change.
        case open
        /// No node that answers has heard of it.
        case unknown
    }

    let coordinator: NodeAddress
    let shardCount: Int
    /// The highest epoch before the reshard was asked for, and the change that was told of then.
    private let epochBefore: UInt64
    private let operationBefore: String?

    init(coordinator: NodeAddress, shardCount: Int, before: ClusterSnapshot) {
        self.coordinator = coordinator
        self.shardCount = shardCount
        epochBefore = before.states.values.map(\.epoch).max() ?? 0
        operationBefore = before.reshard?.operation
    }

    func verdict(_ snapshot: ClusterSnapshot) -> Verdict {
        let states = snapshot.states.values
        if !states.isEmpty, states.allSatisfy({ $0.epoch > epochBefore && $0.shards.count == shardCount }) {
            return .done
        }
        guard let progress = snapshot.reshard, progress.operation != operationBefore else { return .unknown }
        switch progress.phase {
        case .done where progress.toShardCount != shardCount:
            return .ended(
                "superseded: another change, to \(Plural.words(progress.toShardCount, "shard")), was carried out")
        case .failed, .aborted:
            guard progress.coordinator == coordinator else { return .unknown }
            return .ended("\(progress.phase.rawValue): \(progress.error ?? "its coordinator died")")
        // If it is done, nodes that have not heard of it take the layout over soon.
        default: return .open
        }
    }
}
