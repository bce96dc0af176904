import ShardCore

extension SimulationRun {
    /// Kills a node that keeps its disk. Under ``Durability/sync`` nothing that was answered may be lost with it.
    /// Otherwise writes that had not reached the disk are written off if nobody else holds them; they must be of the
    /// last moment.
    func crashWithDisk(_ node: NodeAddress, _ victim: Replica) {
        note("\(node) dies; its disk stays")
        let isAlone = cluster.running.count == scenario.nodeCount
        let start = cluster.start(of: node)
        cluster.crash(node)
        activeFaults.insert("node down")
        touchFaults()
        let image = cluster.diskImage(of: node) ?? DiskImage()
        judgePrefix(image, of: victim, at: node)
        guard scenario.profile.durability != .sync else { return }
        judgeDelay(image, of: victim, at: node, start: start)
        let lost = writeOff(victim.storedRecords, image.entries, of: node)
        guard isAlone, scenario.profile.writeAcks > 1 else { return }
        if let write = lost.first(where: { clients.history.writes[$0].answeredMicroseconds != nil }) {
            fail(.answeredWriteSurvives, "\(node) alone held \(clients.history.name(write)), which was answered")
        }
    }

    /// Takes the disk of a node that is down, if all others are well.
    func loseDisk(_ node: NodeAddress) {
        guard cluster.start(of: node) == nil, let image = cluster.diskImage(of: node),
            cluster.running.count == scenario.nodeCount - 1,
            cluster.running.allSatisfy({
                !cluster.isPaused($0) && [.serving, .joiner].contains(cluster.replica(of: $0)?.servingState)
                    && cluster.replica(of: $0)?.isWithoutVotes == false
            })
        else { return }
        hit("lost disk")
        note("the disk of \(node) is lost")
        cluster.loseDisk(of: node)
        writeOff(image.entries.map { Record(key: $0.key, entry: $0.value) }, [:], of: node)
    }

    func setDisk(_ node: NodeAddress, isFailing: Bool) {
        hit(isFailing ? "disk full" : "disk free")
        note("the disk of \(node) \(isFailing ? "refuses everything" : "takes everything again")")
        cluster.setDisk(of: node, isFailing: isFailing)
        if isFailing { activeFaults.insert("disk full") } else { activeFaults.remove("disk full") }
    }

    @discardableResult
    private func writeOff(_ records: [Record], _ kept: [String: Entry], of node: NodeAddress) -> [Int] {
        let decided = decidedOperations
        let asleep = allNodes.filter { cluster.start(of: $0) == nil }.compactMap(ownedOnDisk)
        return records.flatMap { record in
            let onDisk = kept[record.key]?.version.timestamp ?? 0
            let elsewhere = asleep.compactMap { $0[record.key]?.version.timestamp }.max() ?? 0
            let loss = Loss(
                record: record, node: node, micros: cluster.nowMicroseconds, kept: max(onDisk, elsewhere))
            return lose(loss, decided: decided)
        }
    }

    /// The entries of its own shard with which a node that is down will come back.
    private func ownedOnDisk(_ node: NodeAddress) -> [String: Entry]? {
        guard let image = cluster.diskImage(of: node), let state = image.state,
            let shard = state.record.layout.shard(of: node)
        else { return nil }
        return image.entries.filter { state.record.layout.shard(ofKey: $0.key) == shard }
    }

    /// Checks that the disk of every node holds what the node holds, 200 ms after its last change.
    func judgeDisks() {
        guard scenario.profile.durability != .memory else { return }
        for _ in 0..<10 {
            let before = states
            cluster.run(milliseconds: 200)
            if states == before { break }
        }
        if let diskDifference { fail(.diskIsCurrent, diskDifference) }
    }

    /// The part of the nodes' state, besides the entries, that the disks must keep.
    private var states: [[AnyHashable]] {
        cluster.running.compactMap { cluster.replica(of: $0) }.map { [$0.knowledge, $0.recordInForce] }
    }

    private var diskDifference: String? {
        for node in cluster.running {
            guard let image = cluster.diskImage(of: node), let replica = cluster.replica(of: node) else { continue }
            let held = Dictionary(
                replica.storedRecords.map { ($0.key, $0.entry) }, uniquingKeysWith: { first, _ in first })
            let differing = Set(held.keys).union(image.entries.keys).filter { key in
                // The node may have forgotten a tombstone just now.
                held[key] != image.entries[key] && (held[key] != nil || image.entries[key]?.isTombstone != true)
            }
            if let key = differing.min() {
                return "the disk of \(node) holds \(tell(image.entries[key])) under \(key), and it \(tell(held[key]))"
            }
            if image.state?.vector != replica.knowledge || image.state?.record != replica.recordInForce {
                return "the disk of \(node) says another epoch or vector than it does"
            }
        }
        return nil
    }
}
