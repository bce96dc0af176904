import ShardCore

/// An entry that died with a node, or with its disk.
struct Loss {
    let record: Record
    let node: NodeAddress
    /// The time of the loss.
    let micros: UInt64
    /// The timestamp that disks of nodes that are down hold under the key, and bring back.
    var kept: UInt64 = 0
}

/// Decides which writes a death takes along, by the store's promises.
extension SimulationRun {
    /// A write answered longer ago than this must not die with one node, if nothing else was wrong.
    private static let lossWindowMicroseconds: UInt64 = 1_500_000

    /// The operations whose layout some running node has put into force.
    var decidedOperations: Set<OperationID> {
        Set(cluster.running.compactMap { cluster.replica(of: $0)?.recordInForce.operation })
    }

    /// Writes off the writes that nobody holds now that the entry is gone: all of its key's writes after the last that
    /// is held, or that was deleted and is forgotten. If such a write is staged for a change that somebody has accepted
    /// and that is not decided, nothing is lost yet: see ``settleLosses()``.
    ///
    /// - Returns: the writes that were written off.
    @discardableResult
    func lose(_ loss: Loss, decided: Set<OperationID>) -> [Int] {
        let key = loss.record.key
        let version = loss.record.entry.version
        let others = cluster.running.compactMap { cluster.replica(of: $0) }
        let held = others.compactMap { $0.latestVersion(ofKey: key, decided: decided)?.timestamp }
        let forgotten = others.compactMap { $0.forgottenUpTo(ofKey: key) }.max()
        let deleted = forgotten.flatMap { clients.history.lastDeletion(ofKey: key, upTo: $0) }
        let best = max(loss.kept, held.max() ?? 0, deleted ?? 0)
        guard version.timestamp > best, !others.contains(where: { $0.hasProcessed(version, ofKey: key) }) else {
            return []
        }
        if others.contains(where: { $0.acceptedVersion(ofKey: key).map { $0.timestamp > best } ?? false }) {
            undecidedLosses.append(loss)
            return []
        }
        let writes = clients.lose(loss.record, above: best)
        for write in writes {
            note("\(clients.history.name(write)) dies with \(loss.node)")
            judge(write, loss)
        }
        return writes
    }

    /// Looks again at losses that depend on changes that were not decided.
    func settleLosses() {
        guard !undecidedLosses.isEmpty else { return }
        let losses = undecidedLosses
        undecidedLosses = []
        let decided = decidedOperations
        for loss in losses { lose(loss, decided: decided) }
    }

    private func judge(_ write: Int, _ loss: Loss) {
        guard scenario.profile.durability == .memory, !scenario.profile.losesData else { return }
        if scenario.profile.writeAcks > 1, clients.history.writes[write].isTold {
            return fail(
                .answeredWriteSurvives,
                "\(loss.node) alone held \(clients.history.name(write)), which was answered or read")
        }
        let answered = clients.history.writes[write].answeredMicroseconds ?? 0
        let bound = Self.lossWindowMicroseconds
        guard lastFaultMicroseconds + bound < answered, answered + bound < loss.micros else { return }
        fail(
            .lossWindowIsShort,
            "\(loss.node) alone held \(clients.history.name(write)), "
                + "which it had answered \((loss.micros - answered) / 1_000) ms before")
    }
}
