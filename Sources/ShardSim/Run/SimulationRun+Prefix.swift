import BitCollections
import ShardCore

/// Judges the disk of a node that died: it must hold a state that the node was once in, and not long ago.
extension SimulationRun {
    /// The longest that a disk may be behind: a commit under way, the group that gathers meanwhile, and its commit.
    private var diskMicrosecondsMax: UInt64 {
        SimulatedCluster.groupMicroseconds + 2 * scenario.diskMicroseconds.upperBound + 2_000
    }

    /// Notes which disks cannot keep up, for whatever reason.
    func watchDisks() {
        guard scenario.profile.durability != .memory else { return }
        for node in cluster.running where cluster.isPaused(node) || cluster.isDiskFailing(node) {
            diskTroubles[node] = cluster.nowMicroseconds
        }
    }

    /// Checks that each write that this node took and answered, except in the last moment, is on its disk.
    func judgeDelay(_ image: DiskImage, of victim: Replica, at node: NodeAddress, start: UInt64?) {
        for record in victim.storedRecords {
            let origin = record.entry.version.dot.origin
            guard origin.node == node, origin.incarnation == start,
                image.entries[record.key].map({ $0.version < record.entry.version }) ?? true,
                let write = clients.history.write(of: record),
                let answered = clients.history.writes[write].answeredMicroseconds
            else { continue }
            let since = max(answered, diskTroubles[node] ?? 0)
            guard cluster.nowMicroseconds > since + diskMicrosecondsMax else { continue }
            fail(
                .diskIsInTime,
                "\(clients.history.name(write)) of \(record.key), answered by \(node) "
                    + "\((cluster.nowMicroseconds - answered) / 1_000) ms ago, is not on its disk; "
                    + "\(diskMicrosecondsMax / 1_000) ms are allowed")
        }
    }

    /// Judges that the disk holds what it says that its node has processed, no less and no more.
    func judgePrefix(_ image: DiskImage, of victim: Replica, at node: NodeAddress) {
        guard let state = image.state, state.isWhole, let shard = state.record.layout.shard(of: node) else { return }
        let layout = state.record.layout
        if layout == victim.recordInForce.layout, victim.servingState == .serving {
            for record in victim.storedRecords where state.covers(record.entry.version.dot) {
                guard image.entries[record.key] != record.entry else { continue }
                fail(.diskIsPrefix, "the disk of \(node) covers what it held under \(record.key), and has it not")
            }
        }
        var known = BitSet()
        for (key, entry) in image.entries where layout.shard(ofKey: key) == shard {
            let dot = entry.version.dot
            if dot.origin.node == node, dot.origin.incarnation == state.incarnation,
                dot.origin.epoch <= layout.epoch, !state.covers(dot),
                // A write of an older epoch may be handed on and not announced yet.
                !state.extensions.covers(dot)
            {
                fail(.diskIsPrefix, "the disk of \(node) has its own write of \(key), and does not cover it")
            }
            if state.covers(dot), let write = clients.history.write(of: Record(key: key, entry: entry)) {
                known.formUnion(clients.history.writes[write].past)
            }
        }
        judgeCauses(known, image, layout, shard: shard, at: node)
    }

    /// Checks that the entries of this epoch on a disk depend on nothing of its shard that the disk lacks.
    ///
    /// For writes that began before all nodes were in this epoch, nobody knows in which epoch they were taken, and
    /// writes that another shard took then may still be on their way here.
    private func judgeCauses(_ known: BitSet, _ image: DiskImage, _ layout: Layout, shard: Int, at node: NodeAddress) {
        guard let since = watch.settledMicroseconds(in: layout.epoch, nodes: allNodes) else { return }
        for cause in known {
            let write = clients.history.writes[cause]
            guard write.beganMicroseconds > since, !write.isLost, let timestamp = write.timestamp,
                layout.shard(ofKey: write.key) == shard
            else { continue }
            let held = image.entries[write.key]?.version.timestamp
            if held ?? clients.history.lastDeletionPossible(ofKey: write.key) < timestamp {
                fail(
                    .diskIsPrefix,
                    "the disk of \(node) lacks \(clients.history.name(cause)) of \(write.key), "
                        + "on which others depend that it has")
            }
        }
    }
}

extension DurableState {
    fileprivate func covers(_ dot: Dot) -> Bool {
        dot.origin.epoch < record.layout.epoch ? record.baseline.covers(dot) : vector.covers(dot)
    }
}
