/// Writes of a start that is over which came here ahead of others of that start, where those others are lost.
///
/// Such a write is in the store, and no vector covers it: nothing would ever bring it to the other members. Once every
/// one of them has said that it covers no more of that start than this node, what is missing will not come any more.
/// Then this node gives them what it has, and counts the gap as processed, so that they do too.
///
/// The same goes for writes of an older epoch that were handed on, and whose node forgot that it had to announce it:
/// without an announcement every context would name them, and every reshard pass them on, for ever.
extension Replica {
    mutating func repairGaps() {
        guard state == .serving, epochState.catchUp == nil, participation == nil,
            !epochState.pending.isEmpty || !epochState.uncovered.slots.isEmpty,
            late.gapPause.end(now)
        else { return }
        pruneUncovered()
        let uncovered = epochState.uncovered.slots.filter {
            store.slots.version(at: $0).dot.origin.epoch == layout.epoch
        }
        var reaches = VersionVector(uncovered.map { store.slots.version(at: $0).dot })
        for batch in epochState.pending { reaches.raise(batch.origin, to: batch.upTo) }
        for reach in reaches.elements
        where canNothingMoreArrive(of: reach.origin) && hasRequirements(ofBatchesFrom: reach.origin) {
            handOn(uncovered.filter { store.slots.version(at: $0).dot.origin == reach.origin }.map(store.record))
            epochState.pending.removeAll { $0.origin == reach.origin }
            raiseVector(to: vector.merging(VersionVector([Dot(origin: reach.origin, counter: reach.counter)])))
        }
        announceOlderGaps()
    }

    private mutating func announceOlderGaps() {
        let older = VersionVector(
            epochState.uncovered.slots.map { store.slots.version(at: $0).dot }.filter { $0.origin.epoch < layout.epoch }
        )
        let handedOn = older.filter { canNothingMoreArrive(of: $0.origin) }
        guard !handedOn.isEmpty else { return }
        late.own.add(handedOn)
        announceLateWrites()
    }

    /// True if what the batches of a start that is over ask for is here, or lost as well.
    private func hasRequirements(ofBatchesFrom origin: Origin) -> Bool {
        epochState.pending.allSatisfy { batch in
            batch.origin != origin
                || batch.requires.elements.allSatisfy {
                    vector[$0.origin] >= $0.counter || canNothingMoreArrive(of: $0.origin)
                }
        }
    }
}
