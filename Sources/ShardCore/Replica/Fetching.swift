import BitCollections

/// Fetching, at a start, after a return and to repair: a node gets from its fellow members what it lacks.
extension Replica {
    private static let pageMilliseconds: UInt64 = 1_000
    private static let founderWaitMilliseconds: UInt64 = 2_000
    /// The time for which a peer may be ahead before this node fetches: replication usually closes the gap sooner.
    private static let aheadMilliseconds: UInt64 = 600
    /// The same, and the time between two questions, if requests wait for what this node lacks.
    private static let aheadWhileAwaitedMilliseconds: UInt64 = 100
    private static let pageRecordsMax = 1_024
    private static let pageSlotsMax = 50_000

    /// Decides whether a starting node may serve, has to fetch first, or waits for an answer.
    mutating func advanceStart() {
        guard state == .starting else { return }
        let others = shardPeers
        let isServing = others.contains { isUp($0) && peers[$0]?.incarnation != nil && serves($0) }
        if isServing { return beginCatchUp(.shardWasServing) }
        // A node that fetches waits for one that serves, or for all to say that nobody does. So a node that has nothing
        // and waits for that one would close the circle.
        let isAnyCatchingUp = others.contains { isUp($0) && peers[$0]?.state == .catchingUp }
        if isAnyCatchingUp, !makes(.startsWaitInCircles) { return beginCatchUp(.othersFetch) }
        guard foundingConflict == nil else { return }
        let isPatient = !hasPassed(Self.founderWaitMilliseconds, since: time.startedMicroseconds)
        for node in others {
            let peer = peers[node]
            if peer?.state == .starting { continue }
            // A node that is up and neither starts nor serves will serve soon; a silent one is waited for a while.
            if peer?.state != nil, peer?.presence.isUp == true { return }
            if isPatient { return }
        }
        // A founder of another shard may have been given other settings, and two layouts would be served.
        if isPatient, !members.identity.isSettled, layout.members.contains(where: isUnheard) { return }
        state = .serving
        members.identity.found(draw: configuration.draw)
        requests.open.noteKnowledge()
        note(.serves(shard: shard, .nowhere))
        beatNow()
    }

    private func isUnheard(_ node: NodeAddress) -> Bool { node != address && peers[node]?.state == nil }

    private func serves(_ node: NodeAddress) -> Bool {
        peers[node]?.state == .serving && peers[node]?.epoch == layout.epoch
    }

    /// Stops answering for the shard until its data is here.
    mutating func beginCatchUp(_ reason: Occurrence.CatchUpReason) {
        state = .catchingUp
        if makes(.servesBeforeFetching) {
            state = .serving
            for node in shardPeers { epochState.cover(peers[node]?.said.vector ?? VersionVector()) }
        }
        epochState.catchUp = nil
        requests.open.noteKnowledge()
        note(.catchesUp(reason))
        advanceCatchUp()
    }

    /// Asks for the next page if none is under way, and another member if one does not answer.
    mutating func advanceCatchUp() {
        if let running = epochState.catchUp {
            let isGone = !isUp(running.source) || peers[running.source]?.incarnation != running.sourceIncarnation
            guard isGone || hasPassed(Self.pageMilliseconds, since: running.askedMicroseconds) else { return }
            if !isGone, running.tries < 3 {
                epochState.catchUp?.tries += 1
                return askPage()
            }
            epochState.catchUp = nil
        }
        guard state == .catchingUp else { return }
        var sources = shardPeers.filter { isUp($0) && serves($0) }
        // A member that has not covered a deletion forgotten here could bring the deleted entry back.
        let ahead = sources.filter { peers[$0]?.said.vector.covers(epochState.collected) ?? false }
        if !ahead.isEmpty { sources = ahead }
        guard !sources.isEmpty else { return beginRescue() }
        beginFetch(from: sources[Int(queries.ids.next() % UInt64(sources.count))])
    }

    private mutating func beginFetch(from source: NodeAddress) {
        epochState.catchUp = CatchUp(
            id: queries.ids.next(), source: source, sourceIncarnation: peers[source]?.incarnation,
            have: state == .serving ? vector : nil,
            askedMicroseconds: now.monotonicMicroseconds, unseen: state == .serving ? BitSet() : slotsKnownEverywhere)
        askPage()
    }

    /// The slots whose entries every member had, or may have had.
    private var slotsKnownEverywhere: BitSet {
        BitSet(
            store.slots.indices.lazy.filter {
                let dot = store.slots.version(at: $0).dot
                return store.isHeld($0) && (dot.origin.epoch == layout.epoch || record.baseline.covers(dot))
            })
    }

    mutating func askPage() {
        guard let running = epochState.catchUp else { return }
        let asked = now.monotonicMicroseconds
        epochState.catchUp?.askedMicroseconds = asked
        send(
            .fetch(
                Fetch(
                    id: running.id, have: running.have, cursor: running.cursor, isRescue: running.rescue != nil)),
            to: running.source)
    }

    mutating func serve(_ fetch: Fetch, to node: NodeAddress) {
        guard state == .serving || state == .catchingUp && fetch.isRescue, let shard,
            layout.shard(of: node) == shard
        else { return }
        if let have = fetch.have, !have.covers(epochState.collected) {
            return send(
                .fetched(
                    FetchPage(
                        id: fetch.id, cursor: fetch.cursor, records: [], next: nil, vector: epochState.collected,
                        mustStartOver: true)
                ), to: node)
        }
        let page = store.page(
            from: fetch.cursor, recordsMax: Self.pageRecordsMax, bytesMax: configuration.batchBytesMax,
            slotsMax: Self.pageSlotsMax
        ) { entry in
            guard let have = fetch.have else { return true }
            let dot = entry.version.dot
            return dot.origin.epoch < layout.epoch ? !record.baseline.covers(dot) : !have.covers(dot)
        }
        send(
            .fetched(
                FetchPage(
                    id: fetch.id, cursor: fetch.cursor, records: page.records, next: page.next, vector: vector)),
            to: node)
    }

    mutating func receive(_ page: FetchPage, from: NodeAddress) {
        guard let running = epochState.catchUp, running.id == page.id, running.cursor == page.cursor,
            running.source == from
        else { return }
        if page.mustStartOver { return startOver(page.vector, from: from) }
        for record in page.records {
            time.clock.observe(record.entry.version.timestamp)
            if running.have == nil || !covers(record.entry.version) { merge(record) }
            noteSeen(record.key)
        }
        let reach = running.reach ?? page.vector
        epochState.catchUp?.records += page.records.count
        epochState.catchUp?.reach = reach
        epochState.catchUp?.tries = 1
        guard let next = page.next else { return endPages(reach: reach) }
        epochState.catchUp?.cursor = next
        askPage()
    }

    mutating func finishCatchUp(reach: VersionVector) {
        let fetched = epochState.catchUp?.records ?? 0
        dropForgotten(upTo: reach)
        epochState.catchUp = nil
        raiseVector(to: reach)
        // Only now can entries that came during the fetch be told from outdated ones.
        for index in epochState.pending.indices {
            for record in epochState.pending[index].records { takeIn(record) }
            epochState.pending[index] = epochState.pending[index].withoutRecords
        }
        drainReplication()
        if state == .catchingUp { findUncovered() } else { pruneUncovered() }
        for node in shardPeers { members.peers.update(node) { $0.lead.end() } }
        guard state == .catchingUp else { return }
        state = .serving
        note(.serves(shard: shard, .members(entries: fetched)))
        beatNow()
    }

    /// Notes that the present entry of `key` came after the fetch began, or is the source's.
    mutating func noteSeen(_ key: String) {
        guard epochState.catchUp?.unseen.isEmpty == false, let position = store.position(ofKey: key) else { return }
        epochState.catchUp?.unseen.remove(position)
    }

    private mutating func dropForgotten(upTo reach: VersionVector) {
        for position in epochState.catchUp?.unseen ?? BitSet() where store.isHeld(position) {
            let dot = store.slots.version(at: position).dot
            guard dot.origin.epoch < layout.epoch || reach.covers(dot) else { continue }
            disk.journal?.delete(store.slots.key(at: position))
            store.drop(position)
        }
    }

    /// Notes whether `node` covers writes that this node lacks.
    mutating func noteLead(of node: NodeAddress) {
        guard state == .serving, let shard, layout.shard(of: node) == shard, var peer = peers[node] else { return }
        if vector.covers(peer.said.vector) {
            peer.lead.end()
        } else {
            peer.lead.begin(now)
        }
        members.peers.set(peer)
    }

    /// Fetches from a peer that has been ahead for too long.
    mutating func watchAntiEntropy() {
        guard state == .serving, epochState.catchUp == nil, !makes(.lostBatchesStayLost) else { return }
        let isAwaited = !requests.open.waiting.isEmpty
        if isAwaited { askForKnowledge() }
        for node in shardPeers {
            guard let peer = peers[node], isUp(node), serves(node), let since = peer.lead.sinceMicroseconds,
                hasPassed(isAwaited ? Self.aheadWhileAwaitedMilliseconds : Self.aheadMilliseconds, since: since)
            else { continue }
            if vector.covers(peer.said.vector) {
                members.peers.update(node) { $0.lead.end() }
                continue
            }
            if isFollowing(peer.said.vector) { continue }
            return beginFetch(from: node)
        }
    }

    /// True if all that this node lacks of `other` is on its way, even if late: a fetch would only delay it further.
    private func isFollowing(_ other: VersionVector) -> Bool {
        other.elements.allSatisfy { element in
            let origin = element.origin
            if vector[origin] >= element.counter { return true }
            guard let writer = peers[origin.node], writer.incarnation == origin.incarnation, isUp(origin.node) else {
                return false
            }
            return !hasPassed(Self.aheadMilliseconds, since: writer.lead.takenMicroseconds)
        }
    }

    /// Asks the other members what they cover, sooner than their heartbeats would say: requests wait for writes that
    /// may be lost on their way.
    private mutating func askForKnowledge() {
        guard late.knowledgePause.end(now) else { return }
        for node in shardPeers where isUp(node) { sendHeartbeat(to: node, wantsReply: true) }
    }
}
