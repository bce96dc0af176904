/// Tells messages of this node's own cluster from those of others: nothing of another cluster is believed.
extension Replica {
    /// How long founders that were never heard are waited for before a majority settles the cluster's id without them.
    private static let founderSilenceMilliseconds: UInt64 = 60_000
    /// How long a node without a cluster waits for one that its VIEW names before it takes another's side, and how long
    /// one with data from before ids looks for its cluster.
    private static let searchMilliseconds: UInt64 = 2_000

    /// Whether `envelope` comes from this node's own cluster, or from one whose side it has just taken.
    mutating func isOfOwnCluster(_ envelope: Envelope) -> Bool {
        let from = envelope.from
        // Only a node without a cluster has to look whether it may join; this code runs for every message.
        let mayJoin = cluster == nil && self.mayJoin(from)
        switch members.identity.hear(envelope.cluster, from: from, mayJoin: mayJoin, hasPart: hasPart) {
        case .own: break
        case .taken:
            requests.open.noteKnowledge()
            // With the next tick, not at once: otherwise two ids that a node hears in turn would each set off the
            // other.
            members.heartbeats.hurry()
        case .newcomer: return envelope.message.rules.isOfNewcomers
        case .stranger:
            if makes(.strangersAreBelieved) { return true }
            meetStranger(envelope)
            return false
        }
        if !members.identity.strangers.isEmpty { members.identity.strangers.forget(from) }
        return true
    }

    private var hasPart: Bool { layout.epoch > 0 && (state == .serving || state == .joiner || state == .stopping) }

    /// Whether this node, which has no cluster, takes the side of `node`'s cluster. A node named in its VIEW or layout
    /// goes before one that merely speaks to it.
    private func mayJoin(_ node: NodeAddress) -> Bool {
        if layout.epoch > 0 { return layout.shard(of: node) != nil }
        return configuration.view.contains(node) || configuration.view.count <= 1
            || hasPassed(Self.searchMilliseconds, since: time.startedMicroseconds)
    }

    private mutating func meetStranger(_ envelope: Envelope) {
        guard cluster != nil, let theirs = envelope.cluster else { return }
        let from = envelope.from
        if members.identity.strangers.hear(from, of: theirs.id, now) {
            note(.belongsElsewhere(theirs.id), of: from)
        }
        if isLeftBehind(by: theirs) {
            note(.joinsInsteadOfLost(of: from))
            return giveWay(to: theirs, of: from, founding: nil)
        }
        if case .otherCluster(let notice) = envelope.message { return receive(notice, of: theirs, from: from) }
        guard members.identity.strangers.isNoticeDue(to: from, now) else { return }
        send(
            .otherCluster(
                ClusterNotice(
                    founding: members.identity.founding, state: state, countsReceiver: layout.shard(of: from) != nil)),
            to: from)
    }

    private mutating func receive(_ notice: ClusterNotice, of theirs: ClusterMark, from: NodeAddress) {
        let own = members.identity.founding
        let difference = notice.founding.flatMap { own?.difference(from: $0) }
        if let founding = notice.founding, members.identity.strangers.note(founding, of: from), let difference {
            note(.wasFoundedWith(difference), of: from)
        }
        guard notice.countsReceiver, notice.state != .starting, state == .starting, !members.identity.isSettled
        else { return }
        note(.joinsRunningCluster(of: from, difference))
        giveWay(to: theirs, of: from, founding: notice.founding)
    }

    /// Whether all members of this node's layout belong to another cluster, founded since under their addresses, so
    /// that nobody is left to tell what became of this one. This node is then not missed, if it has no place in the
    /// layout and holds nothing of it.
    private func isLeftBehind(by theirs: ClusterMark) -> Bool {
        guard state == .joiner, layout.epoch > 0, theirs.standing == .settled, late.handOns.isEmpty,
            !store.slots.indices.contains(where: store.isHeld), changing.isOutsideChanges, !makes(.joinersStayBehind)
        else { return false }
        let isFounded = layout.members.allSatisfy { member in
            guard let stranger = members.identity.strangers[member] else { return false }
            return stranger.cluster == theirs.id
                && !hasPassed(configuration.silenceMillisecondsMax, since: stranger.heardMicroseconds)
        }
        return isFounded
            && peers.all.allSatisfy { peer in
                members.identity.strangers[peer.address] != nil || !isUp(peer.address) || peer.state == .joiner
            }
    }

    /// Joins a running cluster that counts this node, which has nothing yet, as a member, or that is founded in place
    /// of its own. Whatever settings this node was given, it belongs there.
    private mutating func giveWay(to theirs: ClusterMark, of node: NodeAddress, founding: FoundingSettings?) {
        members.identity.giveWay(to: theirs, of: node, founding: founding)
        members.decisions = Decisions(now)
        members.peers.beginEpoch()
        inForce = LayoutInForce(.none, at: address)
        epochState = EpochState()
        late = LateWrites()
        changing = Changing(newAcceptor())
        state = .joiner
        wantEpoch(from: node)
        beatNow()
    }

    /// A node of this one's VIEW that belongs to another cluster: this node founds no cluster without it.
    var foundingConflict: Strangers.Stranger? {
        members.identity.strangers.all.first {
            configuration.view.contains($0.address)
                && !hasPassed(configuration.silenceMillisecondsMax, since: $0.heardMicroseconds)
        }
    }

    /// Finds or makes this cluster's id, and settles it.
    mutating func watchIdentity() {
        if !members.identity.strangers.isEmpty { members.identity.strangers.prune(now) }
        guard !members.identity.isSettled else { return }
        if cluster == nil, layout.epoch > 0, hasPassed(Self.searchMilliseconds, since: time.startedMicroseconds) {
            members.identity.makeName(draw: configuration.draw)
        }
        let voters = members.identity.founding?.view ?? (members.identity.isInherited ? layout.members : [])
        let isPatient = !hasPassed(Self.founderSilenceMilliseconds, since: time.startedMicroseconds)
        guard members.identity.advance(voters: voters, own: address, isPatient: isPatient) else { return }
        if let id = cluster?.id, members.identity.isSettled {
            note(.foundedCluster(id))
            requests.open.noteKnowledge()
        }
        beatNow()
    }

    // MARK: Several starts of one address

    /// Tells a start that another start of the same address counts, and how long ago that one was heard.
    mutating func answerEarlierStart(_ envelope: Envelope, known peer: Peer) {
        switch envelope.message {
        // The entries that a process hands on as it gives way to another one must not be lost with it.
        case .handOn(let id, let records):
            receiveHandOn(id: id, records, from: envelope.from)
        case .heartbeat:
            guard let known = peer.incarnation else { return }
            send(
                .laterStart(
                    known, silentMilliseconds: (now.monotonicMicroseconds - peer.presence.heardMicroseconds) / 1_000),
                to: envelope.from)
            var presence = peer.presence
            let runsTwice = presence.hearEarlierStart(
                silenceMillisecondsMax: configuration.silenceMillisecondsMax, now)
            members.peers.update(envelope.from) { $0.presence = presence }
            if runsTwice { note(.runsTwice, of: envelope.from) }
        default: break
        }
    }

    mutating func receiveLaterStart(_ known: UInt64, silentMilliseconds: UInt64, from: NodeAddress) {
        // The change that this node coordinates carries its present incarnation, so that must not change now.
        guard coordinator == nil, !makes(.earlierStartsStayIgnored) else { return }
        // Writes that wait to be replicated go out under the incarnation that they were written with.
        flushReplication()
        let finding = members.own.hear(
            ofStart: known, silentMilliseconds: silentMilliseconds,
            silenceMillisecondsMax: configuration.silenceMillisecondsMax, now)
        switch finding {
        case .nothing: break
        case .raised: beginStartAnew(from)
        case .yielded: yield(to: from)
        }
    }

    /// Goes on under a higher incarnation. Writes made under the previous one stay in what this node covers.
    private mutating func beginStartAnew(_ from: NodeAddress) {
        epochState.own = OwnWrites()
        for node in peerAddresses {
            members.peers.update(node) { $0.replication.reset() }
        }
        changing.acceptor.memory.loseVotes(
            since: incarnation, rank: layout.members.firstIndex(of: address), hasVotes: makes(.restartedVotersVote))
        note(.startsAbove(toldBy: from))
        beatNow()
    }

    /// Gives way to another process that runs under this address.
    private mutating func yield(to witness: NodeAddress) {
        note(.yieldsToTwin(heardBy: witness))
        let own = store.records.filter {
            $0.entry.version.dot.origin.node == address && isAboveBaseline($0.entry.version.dot)
        }
        for id in requests.open.ids { finish(id, .refused(.twin)) }
        if !draining.hasBegun { draining.begin(now) }
        if !draining.hasEnded { draining.end(isWhole: isWhole) }
        state = .stopping
        handOn(own)
    }
}
