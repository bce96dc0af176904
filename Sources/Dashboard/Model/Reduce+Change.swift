import ClusterModel

/// The records of a change of the layout: its progress, and the number of keys before and after.
extension DashboardModel {
    /// - Parameter before: the snapshot of the poll before.
    mutating func watchChange(_ before: Cluster?) {
        guard let snapshot, let change else { return }
        let last = before?.takenMilliseconds
        if changeWatch?.id == change.id {
            changeWatch?.add(change, after: last, atMilliseconds: snapshot.takenMilliseconds)
        } else {
            changeWatch = ChangeWatch(change, after: last, atMilliseconds: snapshot.takenMilliseconds)
        }
    }

    /// Keeps the number of keys before and after a change, also of one that began and ended between two polls.
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

    /// True if the earlier snapshot is of the layout before the change.
    private func isOld(_ before: Cluster, _ change: Change) -> Bool {
        if let told = before.change, told.id == change.id, told.isOver { return false }
        // If no epoch is told, neither of the nodes nor of the change, an earlier snapshot counts as old.
        guard let epoch = before.epoch, let toEpoch = change.toEpoch else { return true }
        return epoch < toEpoch
    }

    /// Asks the nodes for the keys after a reshard of a demo, whose keys are known.
    mutating func askForKeys() -> [Effect] {
        guard demo?.loading == nil, demo != nil, let change, change.isDone, !hasEndedUnseen,
            readBack?.operation != change.id
        else { return [] }
        readBack = ReadBack(operation: change.id, atMilliseconds: nowMilliseconds)
        return [.readBack(operation: change.id)]
    }
}
