import ShardCore
import ShardWire
import Wording

/// A reshard whose coordinator fell silent before it answered, and what the other nodes tell of it.
struct LostReshard {
    enum Verdict: Equatable {
        /// A layout as asked for is in force.
        case done
        /// It was given up; the reason.
        case ended(String)
        /// Some node takes part in a change.
        case open
        /// Nobody who answers has heard of it.
        case unknown
    }

    let coordinator: NodeAddress
    let shardCount: Int
    /// Before it was asked for: the highest epoch, and the change that was told of.
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
        // Where it is done, those that have not heard of it take the layout over soon.
        default: return .open
        }
    }
}
