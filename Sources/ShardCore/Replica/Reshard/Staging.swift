/// Before the switch: sending the coordinator what this node holds, and staging what it will hold.
extension Replica {
    private static let slotsPerSlice = 500

    mutating func collate(_ operation: OperationID, _ cursor: UInt64, _ keysMax: Int, to node: NodeAddress) {
        guard takesPart(in: operation), state == .serving else { return }
        store.beginChanges()
        let page = store.keyPage(
            from: cursor, keysMax: max(1, min(keysMax, 4_096)), bytesMax: configuration.batchBytesMax, slotsMax: 8_192)
        send(
            .collated(
                operation,
                CollatePage(cursor: cursor, keys: page.keys, next: page.next, keysTotal: store.tally.keys)),
            to: node)
    }

    /// Sends the entries in these slots. A slot keeps its key as long as this node takes part, since nothing that it
    /// holds is forgotten meanwhile. Entries that changed since the collate go with the changes as well.
    mutating func gather(_ operation: OperationID, _ number: UInt64, _ slots: [UInt32], to node: NodeAddress) {
        guard takesPart(in: operation), state == .serving else { return }
        let (records, taken) = store.read(slots.prefix(4_096), bytesMax: configuration.batchBytesMax)
        send(.gathered(operation, GatherPage(number: number, taken: taken, records: records)), to: node)
    }

    /// Takes batches in their order, and confirms each once it is taken.
    mutating func stage(_ operation: OperationID, _ batch: Stage, from: NodeAddress) {
        guard takesPart(in: operation), let next = participation?.inbox.next else { return }
        guard batch.sequence >= next else {
            // Its confirmation may have been lost.
            return send(.staged(operation, sequence: batch.sequence), to: from)
        }
        guard changing.participation?.inbox.add(batch) == true else { return }
        // Batches confirmed from the freeze on may be part of the proposal, so the disk must not fall behind them.
        if participation?.isFrozen == true { disk.journal?.markVital() }
        while let due = changing.participation?.inbox.takeNext() {
            if let layout = due.layout {
                changing.participation?.layout = layout
                store.beginNext(layout, shard: layout.shard(of: address))
            }
            stage(due.records)
            send(.staged(operation, sequence: due.sequence), to: from)
        }
    }

    private mutating func stage(_ records: [Record]) {
        let unannouncedKeys = unannouncedKeys(in: records)
        if !unannouncedKeys.isEmpty { changing.participation?.unannouncedKeys += unannouncedKeys }
        for record in records {
            time.clock.observe(record.entry.version.timestamp)
            // Goes to the disk before the switch, so that the switch itself writes next to nothing.
            if store.stage(record) { disk.journal?.note(record) }
        }
        if !store.isTagged { wantResume() }
    }

    /// The keys for ``Participation/unannouncedKeys``.
    func unannouncedKeys(in records: [Record]) -> [String] {
        records.filter { record in
            let dot = record.entry.version.dot
            return dot.origin.epoch < layout.epoch && !self.record.baseline.covers(dot)
        }.map(\.key)
    }

    /// Frees what the last switch left over, then hashes the own keys into the layout to come: a slice at a time, so
    /// that the switch itself need not.
    mutating func advanceParticipation() {
        if store.hasLeftovers {
            freeLeftovers(Self.slotsPerSlice)
            if store.hasLeftovers { return wantResume() }
        }
        guard store.next != nil, !store.isTagged else { return }
        store.tag(Self.slotsPerSlice)
        if !store.isTagged { wantResume() }
    }

    mutating func freeLeftovers(_ count: Int) {
        let keys = store.freeLeftovers(count)
        disk.journal?.retire(keys)
    }

    /// Stages again the entries of a part that was set aside.
    mutating func activate(_ part: Participation) {
        guard let layout = part.layout else { return }
        store.beginNext(layout, shard: layout.shard(of: address))
        for record in part.setAside { store.stage(record) }
        wantResume()
    }
}
