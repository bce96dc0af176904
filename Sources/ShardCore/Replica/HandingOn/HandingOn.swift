/// Passing on writes that their owners did not get before the layout changed.
extension Replica {
    private static let recordsPerBatchMax = 512

    /// Takes in, or passes on, records that reached this node under an older epoch.
    mutating func absorb(_ records: [Record]) {
        var others: [Record] = []
        for record in records {
            time.clock.observe(record.entry.version.timestamp)
            guard isAboveBaseline(record.entry.version.dot), layout.shardCount > 0 else { continue }
            if layout.shard(ofKey: record.key) != shard || takeFromBefore(record) { others.append(record) }
        }
        requests.open.noteKnowledge()
        disk.journal?.markVital()
        handOn(others)
    }

    /// Takes in an entry of an older epoch that this node owns. True if this node must pass it on to the other members.
    ///
    /// The node that handed it on may die before it has reached all of them, and vectors of this epoch do not show the
    /// difference. So every member to whom the entry is news passes it on.
    ///
    /// An entry older than a deletion that is forgotten here was processed by every member, and is no news.
    private mutating func takeFromBefore(_ record: Record) -> Bool {
        !epochState.collected.covers(record.entry.version.dot) && merge(record)
            && record.entry.version.dot.origin.epoch < layout.epoch
    }

    /// Sends each record to all members of the shard that owns its key, and keeps it until they have confirmed it.
    ///
    /// - Parameter holder: a node that has the records already.
    mutating func handOn(_ records: [Record], except holder: NodeAddress? = nil) {
        journalHandOn(records)
        var portions: [Int: [Record]] = [:]
        for record in records { portions[layout.shard(ofKey: record.key), default: []].append(record) }
        for (owner, portion) in portions.sorted(by: { $0.key < $1.key }) {
            var rest = portion[...]
            while !rest.isEmpty {
                let batch = Array(rest.prefix(Self.recordsPerBatchMax))
                rest = rest.dropFirst(batch.count)
                let missing = layout.shards[owner].filter { $0 != address && $0 != holder }
                guard !missing.isEmpty else {
                    journalHandedOn(batch)
                    continue
                }
                let id = queries.ids.next()
                late.handOns.add(id, batch, missing: missing)
                sendHandOn(id)
            }
        }
    }

    /// Ends the hand-ons of an older layout, and returns the records that their new owners may still lack. This node
    /// may own some of them now.
    mutating func takeBackHandOns() -> [Record] {
        let all = late.handOns.takeAll()
        journalHandedOn(all)
        let records = all.filter { isAboveBaseline($0.entry.version.dot) }
        for record in records where layout.shard(ofKey: record.key) == shard { merge(record) }
        return records
    }

    private mutating func sendHandOn(_ id: UInt64) {
        guard let (records, missing) = late.handOns.send(id, now) else { return }
        for node in missing where isUp(node) { send(.handOn(id: id, records: records), to: node) }
    }

    mutating func receiveHandOn(id: UInt64, _ records: [Record], from: NodeAddress) {
        var news: [Record] = []
        for record in records {
            time.clock.observe(record.entry.version.timestamp)
            guard isAboveBaseline(record.entry.version.dot), layout.shardCount > 0,
                layout.shard(ofKey: record.key) == shard
            else { continue }
            if makes(.handedOnEntriesReplaceNewer) {
                store.rebuild(store.records.filter { $0.key != record.key })
                findUncovered()
                // Passing on what is no news would never end.
                merge(record)
            } else if takeFromBefore(record) {
                news.append(record)
            }
        }
        requests.open.noteKnowledge()
        disk.journal?.markVital()
        handOn(news, except: from)
        send(.handedOn(id: id), to: from)
    }

    mutating func receiveHandedOn(id: UInt64, from: NodeAddress) {
        guard let arrived = late.handOns.confirm(id, by: from) else { return }
        journalHandedOn(arrived)
        guard late.handOns.isEmpty else { return }
        note(.handedOnAll)
        announceLateWrites()
    }

    /// Tells everybody that all that this node wrote in older epochs is with its owners, so that contexts that name it
    /// are met everywhere. Does nothing as long as that is not so.
    ///
    /// Nodes that took in a hand-on of this node before this epoch may have had to hand it on themselves, if it reached
    /// them too late for the reshard. Then it is with its owners only once those nodes are done.
    mutating func announceLateWrites() {
        guard !late.own.isEmpty, late.handOns.isEmpty else { return }
        if late.own.waitsForOthers {
            let areDone = peerAddresses.allSatisfy { node in
                guard isUp(node), let peer = peers[node] else { return true }
                return peer.epoch == layout.epoch && peer.said.handedOn != nil
            }
            guard areDone else { return }
            late.own.noteOthersAreDone()
        }
        extendBaseline(late.own.vector)
        for node in peerAddresses where isUp(node) { send(.baselineExtended(late.own.vector), to: node) }
    }

    mutating func extendBaseline(_ vector: VersionVector) {
        let older = vector.filter { $0.origin.epoch < layout.epoch }
        guard !record.baseline.covers(older) else { return }
        inForce.extendBaseline(older)
        requests.open.noteKnowledge()
    }

    mutating func retryHandOns() {
        for id in late.handOns.overdue(now) { sendHandOn(id) }
    }
}
