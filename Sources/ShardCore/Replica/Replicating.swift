/// Sends this node's own writes to the other members of its shard in batches. The next batch goes as soon as the last
/// one is answered.
extension Replica {
    /// Without an answer for this long, a batch is sent again.
    private static let answerMilliseconds: UInt64 = 300
    /// The most batches kept because something before them is missing.
    private static let pendingReplicationMax = 1_024
    /// The most own writes kept for members that did not confirm them; a member that needs older ones fetches.
    private static let logMax = 200_000
    private static let recordsPerBatchMax = 4_096
    /// The most records kept while this node catches up.
    private static let pendingRecordsMax = 20_000

    /// Sends every member that waits for nothing what it lacks of this node's own writes.
    mutating func flushReplication() {
        for node in shardPeers { sendReplication(to: node) }
        trimLog()
    }

    private mutating func sendReplication(to node: NodeAddress) {
        guard var peer = peers[node], peer.presence.isUp, peer.epoch == layout.epoch, !peer.replication.isUnanswered,
            peer.replication.sent < counter
        else { return }
        // A member that lacks a deletion which is forgotten here has to fetch.
        guard peer.said.vector[ownOrigin] >= epochState.collected[ownOrigin] else { return }
        let after = max(peer.replication.sent, epochState.own.start)
        guard after < counter else { return }
        var records: [Record] = []
        var seen: Set<Int> = []
        seen.reserveCapacity(min(Int(counter - after), Self.recordsPerBatchMax))
        var weightBytes = 0
        var upTo = after
        while upTo < counter, weightBytes < configuration.batchBytesMax, records.count < Self.recordsPerBatchMax {
            upTo += 1
            let key = epochState.own.key(of: upTo)
            guard let position = store.position(ofKey: key), seen.insert(position).inserted else { continue }
            let record = Record(key: key, entry: store.slots.entry(at: position))
            weightBytes += record.weightBytes
            records.append(record)
        }
        let origin = ownOrigin
        peer.replication.send(upTo: upTo, now)
        members.peers.set(peer)
        send(
            .replicate(
                Replication(
                    origin: origin, after: after, upTo: upTo,
                    requires: vector.filter { $0.origin != origin }, records: records)),
            to: node)
    }

    /// Forgets the writes that every member has confirmed, and those that are too old to keep.
    private mutating func trimLog() {
        guard !epochState.own.isLogEmpty else { return }
        let confirmed = shardPeers.map { peers[$0]?.said.vector[ownOrigin] ?? 0 }.min() ?? counter
        // A member that claims to cover more writes than there are must not bring this node down.
        let target = max(min(confirmed, counter), counter > UInt64(Self.logMax) ? counter - UInt64(Self.logMax) : 0)
        epochState.own.trim(to: target)
    }

    mutating func receive(_ replication: Replication, from: NodeAddress) {
        guard state == .serving || state == .catchingUp else { return }
        let isNews = replication.upTo > vector[replication.origin]
        let hasRoom = epochState.pending.count < Self.pendingReplicationMax
        if state == .catchingUp {
            // While this node fetches it does not know yet what it covers, so it takes in nothing: the entry may have
            // been deleted since.
            let kept = epochState.pending.reduce(0) { $0 + $1.records.count }
            if isNews, hasRoom, kept + replication.records.count <= Self.pendingRecordsMax {
                epochState.pending.append(replication)
            }
        } else {
            for record in replication.records { takeIn(record) }
            if isNews, hasRoom {
                epochState.pending.append(replication.withoutRecords)
                drainReplication()
                if vector[replication.origin] >= replication.upTo {
                    let now = now
                    members.peers.update(from) { $0.lead.noteBatch(now) }
                }
            }
        }
        send(.replicated(vector), to: from)
    }

    /// Takes in a record of this shard, unless it was processed before.
    mutating func takeIn(_ record: Record) {
        time.clock.observe(record.entry.version.timestamp)
        guard !covers(record.entry.version) else { return }
        merge(record)
    }

    /// Covers every pending batch whose requirements are met.
    ///
    /// Batches may require one another, so looking at one at a time is not enough. Of all pending batches, those that
    /// require something that is not here drop out, then those that require these; the rest is covered.
    mutating func drainReplication() {
        var candidates = epochState.pending.filter { $0.upTo > vector[$0.origin] }
        var rejected: [Replication] = []
        var isSettled = false
        var reach = vector
        while !isSettled {
            reach = vector
            for candidate in candidates.sorted(by: { $0.after < $1.after })
            where candidate.after <= reach[candidate.origin] {
                reach.raise(candidate.origin, to: candidate.upTo)
            }
            let kept = candidates.filter { $0.upTo <= reach[$0.origin] && reach.covers($0.requires) }
            rejected += candidates.filter { !($0.upTo <= reach[$0.origin] && reach.covers($0.requires)) }
            isSettled = kept.count == candidates.count
            candidates = kept
        }
        epochState.pending = rejected
        guard reach != vector else { return }
        raiseVector(to: reach)
    }

    mutating func raiseVector(to reach: VersionVector) {
        epochState.cover(reach)
        requests.open.noteKnowledge()
        reportFrozen()
    }

    mutating func receiveReplicated(_ covered: VersionVector, from: NodeAddress) {
        guard var peer = peers[from] else { return }
        peer.said.note(vector: covered)
        peer.replication.noteAnswer()
        members.peers.set(peer)
        if !requests.open.waiting.isEmpty { requests.open.noteKnowledge() }
        checkUnconfirmed()
        if peer.replication.sent < counter { wantResume() } else { trimLog() }
    }

    /// Sends again the batches that were not answered in time.
    mutating func retransmit() {
        for node in shardPeers {
            guard var peer = peers[node], peer.presence.isUp else { continue }
            let covered = peer.said.vector[ownOrigin]
            if peer.replication.isLate(after: Self.answerMilliseconds, now) {
                peer.replication.noteAnswer()
                if !makes(.lostBatchesStayLost) { peer.replication.resume(after: covered) }
            } else if !makes(.lostBatchesStayLost) {
                peer.replication.resumeIfStuck(after: covered, of: counter, every: Self.answerMilliseconds, now)
            }
            members.peers.set(peer)
        }
        flushReplication()
    }
}

extension Replication {
    /// The same without the entries themselves.
    var withoutRecords: Replication {
        Replication(origin: origin, after: after, upTo: upTo, requires: requires, records: [])
    }
}
