import ClusterModel

/// What is kept of a change of the layout: when it went on, and how many keys there were before it and after.
extension DashboardModel {
    /// - Parameter before: what was known before this poll.
    mutating func watchChange(_ before: Cluster?) {
        guard let snapshot, let change else { return }
        let last = before?.takenMilliseconds
        if changeWatch?.id == change.id {
            changeWatch?.add(change, after: last, atMilliseconds: snapshot.takenMilliseconds)
        } else {
            changeWatch = ChangeWatch(change, after: last, atMilliseconds: snapshot.takenMilliseconds)
        }
    }

    /// Keeps the number of keys before a change and after it, also of one that was over between two polls.
    mutating func countKeys(_ before: Cluster?) {
        guard let change, !hasEndedUnseen else { return }
        if keysOfChange?.operation != change.id {
            keysOfChange = KeysOfChange(operation: change.id)
        }
        guard var keys = keysOfChange, keys.after == nil else { return }
        if keys.before == nil, let before, isOld(before, change) { keys.before = before.keys }
        if demo?.traffic != nil || overview.shards.contains(where: { $0.writesPerSecond > 0 }) {
            keys.clientsWrote = true
        }
        let agree =
            change.toShardCount.map { $0 == overview.shards.count } ?? true
            && overview.shards.allSatisfy { $0.isEven && $0.members.allSatisfy(\.condition.isGood) }
        if change.isDone, agree { keys.after = overview.keys }
        keysOfChange = keys
    }

    /// True for a change that was over before the dashboard looked: nothing of it can be checked any more.
    var hasEndedUnseen: Bool { changeWatch?.wasOver == true && changeWatch?.id == change?.id }

    /// True where what was known is of the layout before the change.
    private func isOld(_ before: Cluster, _ change: Change) -> Bool {
        if let told = before.change, told.id == change.id, told.isOver { return false }
        // Nodes that tell no epoch tell none of the change either.
        guard let epoch = before.epoch, let toEpoch = change.toEpoch else { return true }
        return epoch < toEpoch
    }

    /// After a reshard of a demo, whose keys are known, the nodes are asked for them.
    mutating func askForKeys() -> [Effect] {
        guard demo?.loading == nil, demo != nil, let change, change.isDone, !hasEndedUnseen,
            readBack?.operation != change.id
        else { return [] }
        readBack = ReadBack(operation: change.id, check: nil, isRunning: true)
        return [.readBack(operation: change.id)]
    }
}
