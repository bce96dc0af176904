import ShardCore

extension SimulationRun {
    /// Kills a node that keeps its disk. Under ``Durability/sync`` nothing that was answered may go with it; else what
    /// had not reached the disk is written off, where nobody else holds it.
    func crashWithDisk(_ node: NodeAddress, _ victim: Replica) {
        note("\(node) dies; its disk stays")
        cluster.crash(node)
        activeFaults.insert("node down")
        touchFaults()
        guard scenario.profile.durability != .sync else { return }
        writeOff(victim.storedRecords, cluster.diskImage(of: node)?.entries ?? [:])
    }

    /// Takes the disk of a node that is down, where everybody else is well.
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
        writeOff(image.entries.map { Record(key: $0.key, entry: $0.value) }, [:])
    }

    func setDisk(_ node: NodeAddress, isFailing: Bool) {
        hit(isFailing ? "disk full" : "disk free")
        note("the disk of \(node) \(isFailing ? "refuses everything" : "takes everything again")")
        cluster.setDisk(of: node, isFailing: isFailing)
        if isFailing { activeFaults.insert("disk full") } else { activeFaults.remove("disk full") }
    }

    private func writeOff(_ records: [Record], _ kept: [String: Entry]) {
        let others = cluster.running.compactMap { cluster.replica(of: $0) }
        let decided = Set(others.compactMap(\.recordInForce.operation))
        for record in records {
            let onDisk = kept[record.key]?.version.timestamp ?? 0
            for write in lose(record, others, decided: decided, kept: onDisk) {
                note("\(clients.history.name(write)) is lost")
            }
        }
    }

    /// What a node would find on its disk is what it holds.
    func judgeDisks() {
        guard scenario.profile.durability != .memory else { return }
        // The last changes are on their way.
        cluster.run(milliseconds: 200)
        for node in cluster.running {
            guard let image = cluster.diskImage(of: node), let replica = cluster.replica(of: node) else { continue }
            let held = Dictionary(
                replica.storedRecords.map { ($0.key, $0.entry) }, uniquingKeysWith: { first, _ in first })
            let differing = Set(held.keys).union(image.entries.keys).filter { key in
                // A tombstone may have been forgotten just now.
                held[key] != image.entries[key] && (held[key] != nil || image.entries[key]?.isTombstone != true)
            }
            if let key = differing.min() {
                fail(.diskIsCurrent, "the disk of \(node) holds something else than it does under \(key)")
            }
            if image.state?.vector != replica.knowledge || image.state?.record != replica.recordInForce {
                fail(.diskIsCurrent, "the disk of \(node) says another epoch or vector than it does")
            }
        }
    }
}
