/// Which cluster what comes belongs to: nothing of another one is believed.
extension Replica {
    /// How long founders that were never heard are waited for before a majority settles the cluster's id without them.
    private static let founderSilenceMilliseconds: UInt64 = 60_000
    /// How long a node without a cluster waits for one that its VIEW names before it takes another's side, and how long
    /// one with data from before ids looks for its cluster.
    private static let searchMilliseconds: UInt64 = 2_000

    /// Whether `envelope` comes from this node's own cluster, or from one whose side it has just taken.
    mutating func isOfOwnCluster(_ envelope: Envelope) -> Bool {
        let from = envelope.from
        // Only one without a cluster has to look whether it may join: every message comes by here.
        let mayJoin = cluster == nil && self.mayJoin(from)
        switch members.identity.hear(envelope.cluster, from: from, mayJoin: mayJoin, hasPart: hasPart) {
        case .own: break
        case .taken:
            requests.open.noteKnowledge()
            // With the next tick, not at once: of two ids that a node hears in turn each would set off the other.
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

    /// Whether this node, which has no cluster, takes the side of `node`'s: a node that it was told of goes before one
    /// that merely speaks to it.
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

    /// Whether all members of this node's layout belong to another cluster, founded since under their addresses, and
    /// nobody is left to tell what became of this one. A node that has no place in it and holds nothing of it is then not
    /// missed.
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

    /// A running cluster counts this node, which has nothing yet, as a member, or is founded in the place of its own:
    /// whatever it was given itself, it belongs there.
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

    /// A node of this one's VIEW that speaks for another cluster: this node does not found one without it.
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

    /// Tells a start that another one of the same address counts, and how long ago that one was heard.
    mutating func answerEarlierStart(_ envelope: Envelope, known peer: Peer) {
        switch envelope.message {
        // What a process hands on that gives way to another one must not be lost with it.
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
        // The change that this node coordinates is known by the number it has now.
        guard coordinator == nil, !makes(.earlierStartsStayIgnored) else { return }
        // What waits to be replicated goes under the number that it was written with.
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

    /// Goes on under a higher number: what was written under the one before stays in what this node covers.
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

    /// Another process lives under this address.
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
