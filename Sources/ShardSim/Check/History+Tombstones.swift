import ShardCore

/// Finds out which deletions happened when the answer does not say so.
///
/// A deletion whose answer was lost, or was that there is no such key, may have happened or not. As long as nobody
/// knows, it excuses that the key is gone. But a simulation can look into every store: a deletion that happened left a
/// tombstone in one, so a deletion without a tombstone excuses nothing.
extension History {
    struct Tombstone {
        let timestamp: UInt64
        /// The time at which it was first seen.
        let seenMicroseconds: UInt64
        /// True once the deletion that left this tombstone was answered.
        var isExplained = false
        /// True once the last node that held it died with it.
        var isLost = false
    }

    /// Begins to watch. From now on the caller must report every tombstone before anybody is told that its key is gone.
    mutating func watchTombstones() { tombstones = tombstones ?? [:] }

    /// Notes that some node holds a tombstone of `key`; returns what is wrong with that.
    mutating func see(tombstone timestamp: UInt64, ofKey key: String, at micros: UInt64) -> (Property, String)? {
        var seen = tombstones?[key] ?? []
        if let position = seen.firstIndex(where: { $0.timestamp == timestamp }) {
            guard seen[position].isLost else { return nil }
            seen[position].isLost = false
            tombstones?[key] = seen
            return nil
        }
        tombstones?[key] = seen + [Tombstone(timestamp: timestamp, seenMicroseconds: micros)]
        let isWanted = numbers(ofKey: key).contains { writes[$0].isDelete && !writes[$0].isVoid }
        return isWanted ? nil : (.valuesWereWritten, "\(key) has a tombstone @\(timestamp), and nobody deleted it")
    }

    /// Notes that the tombstone belongs to a deletion that was answered.
    mutating func explain(tombstone timestamp: UInt64, ofKey key: String) {
        guard let position = tombstones?[key]?.firstIndex(where: { $0.timestamp == timestamp }) else { return }
        tombstones?[key]?[position].isExplained = true
    }

    /// The deletions of `key` that some node may have carried out.
    func possibleDeletions(ofKey key: String) -> [Int] {
        let deletions = numbers(ofKey: key).filter { writes[$0].isDelete && !writes[$0].isVoid }
        guard let tombstones else { return deletions }
        let unexplained = (tombstones[key] ?? []).filter { !$0.isExplained }.map(\.seenMicroseconds).max()
        return deletions.filter { writes[$0].timestamp != nil || writes[$0].beganMicroseconds <= unexplained ?? 0 }
    }

    /// Judges the answer that `key` is gone for somebody who knows of `puts`: a deletion after each of them must have
    /// happened.
    func judge(absent key: String, after puts: [Int]) -> (Property, String)? {
        guard let tombstones else { return nil }
        let last = (tombstones[key] ?? []).map(\.timestamp).max() ?? 0
        guard let missing = puts.first(where: { writes[$0].timestamp ?? 0 > last }) else { return nil }
        return (
            .readsFollowCauses,
            "no \(key) for somebody who knows of \(name(missing)), timestamp \(writes[missing].timestamp ?? 0), and no "
                + "node has deleted it since; the last tombstone was \(last)"
        )
    }

    /// The timestamp of the last deletion of `key` that may have happened and did not die with its node.
    func lastDeletionPossible(ofKey key: String) -> UInt64 {
        if let tombstones { return (tombstones[key] ?? []).filter { !$0.isLost }.map(\.timestamp).max() ?? 0 }
        // A deletion whose answer was lost may have been the last of all.
        let deletions = numbers(ofKey: key).filter { writes[$0].isDelete && !writes[$0].isVoid }
        return deletions.map { writes[$0].timestamp ?? .max }.max() ?? 0
    }

    mutating func loseTombstones(ofKey key: String, above kept: UInt64, upTo gone: UInt64) {
        guard var seen = tombstones?[key] else { return }
        for position in seen.indices where seen[position].timestamp > kept && seen[position].timestamp <= gone {
            seen[position].isLost = true
        }
        tombstones?[key] = seen
    }
}
