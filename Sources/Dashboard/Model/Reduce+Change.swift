import ShardCore
import ShardWire

/// What is kept of a change of the layout: when it went on, and how many keys there were before it and after.
extension DashboardModel {
    /// What was known before a poll.
    struct Known {
        var snapshot: ClusterSnapshot?
        var overview: ClusterOverview
    }

    mutating func watchReshard(_ before: Known) {
        guard let snapshot, let reshard else { return }
        let last = before.snapshot?.takenMilliseconds
        if reshardWatch?.operation == reshard.operation {
            reshardWatch?.add(reshard, after: last, atMilliseconds: snapshot.takenMilliseconds)
        } else {
            reshardWatch = ReshardWatch(reshard, after: last, atMilliseconds: snapshot.takenMilliseconds)
        }
    }

    /// Keeps the number of keys before a change and after it, also of one that was over between two polls.
    mutating func countKeys(_ before: Known) {
        guard let reshard, !hasEndedUnseen else { return }
        if keysOfChange?.operation != reshard.operation {
            keysOfChange = KeysOfChange(operation: reshard.operation)
        }
        guard var keys = keysOfChange, keys.after == nil else { return }
        if keys.before == nil, isOld(before, reshard) { keys.before = before.overview.keys }
        if demo?.traffic != nil || overview.shards.contains(where: { $0.writesPerSecond > 0 }) {
            keys.clientsWrote = true
        }
        let agree =
            overview.shards.count == reshard.toShardCount
            && overview.shards.allSatisfy { $0.isEven && $0.members.allSatisfy(\.condition.isGood) }
        if reshard.phase == .done, agree { keys.after = overview.keys }
        keysOfChange = keys
    }

    /// True for a change that was over before the dashboard looked: nothing of it can be checked any more.
    var hasEndedUnseen: Bool { reshardWatch?.wasOver == true && reshardWatch?.operation == reshard?.operation }

    /// True where what was known is of the layout before the change.
    private func isOld(_ before: Known, _ reshard: ReshardProgress) -> Bool {
        guard let snapshot = before.snapshot else { return false }
        if let told = snapshot.reshard, told.operation == reshard.operation, told.phase.isEnd { return false }
        // Nodes that tell no epoch tell none of the change either.
        return before.overview.epoch.map { $0 < reshard.toEpoch } ?? true
    }

    /// After a reshard of a demo, whose keys are known, the nodes are asked for them.
    mutating func askForKeys() -> [Effect] {
        guard demo?.loading == nil, demo != nil, let reshard, reshard.phase == .done, !hasEndedUnseen,
            readBack?.operation != reshard.operation
        else { return [] }
        readBack = ReadBack(operation: reshard.operation, check: nil, isRunning: true)
        return [.readBack(operation: reshard.operation)]
    }
}
