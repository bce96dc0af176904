/// The view: who is there, who is up, and what operators decided.
extension Replica {
    var peers: Peers { members.peers }
    var peerAddresses: [NodeAddress] { members.peers.addresses }

    /// Every so many heartbeats the list of known nodes goes with it, also where nothing changed.
    static let heartbeatsPerNodeList: UInt64 = 8

    /// The nodes that are up, this one included, sorted.
    var view: [NodeAddress] {
        var nodes = peerAddresses.filter(isUp)
        if !isRemoved(address) { nodes.append(address) }
        return nodes.sorted()
    }

    /// Those of them that were heard: only they are given a place in a layout.
    var placeable: [NodeAddress] { view.filter { $0 == address || peers[$0]?.incarnation != nil } }

    /// The nodes that this one knows, itself and those that are down included, and those that an operator took out not.
    public var clusterNodes: [NodeAddress] { [address] + peerAddresses.filter { !isRemoved($0) } }

    /// The members of a shard that this node hears nothing of.
    public func silentMembers(of shard: Int) -> [NodeAddress] {
        guard layout.shards.indices.contains(shard) else { return [] }
        return layout.shards[shard].filter { !isUp($0) }
    }

    func isUp(_ node: NodeAddress) -> Bool {
        if node == address { return true }
        guard let peer = peers[node] else { return false }
        return peer.presence.isUp && !isRemoved(node)
    }

    /// A member of the layout in force is never out of the view: who wants it out changes the layout first.
    func isRemoved(_ node: NodeAddress) -> Bool {
        (members.decisions[node]?.isRemoved ?? false) && layout.shard(of: node) == nil
    }

    mutating func addPeer(_ address: NodeAddress) {
        guard address != self.address, members.peers.add(address, now) else { return }
        members.decisions.noteChange(now)
    }

    /// Notes that `envelope` was heard. False if it comes from an earlier start of its sender.
    mutating func hear(_ envelope: Envelope) -> Bool {
        if peers[envelope.from] == nil {
            guard peers.count < Bounds.nodesMax else { return false }
            addPeer(envelope.from)
        }
        guard var peer = peers[envelope.from] else { return false }
        if let known = peer.incarnation, envelope.incarnation < known {
            answerEarlierStart(envelope, known: peer)
            return false
        }
        if peer.incarnation != envelope.incarnation {
            let isFirst = peer.incarnation == nil
            peer.beginStart(envelope.incarnation, after: members.heartbeats.count)
            if !isFirst { requests.open.noteKnowledge() }
        }
        if peer.epoch != envelope.epoch { peer.enter(epoch: envelope.epoch) }
        peer.presence.hear(now)
        if !peer.presence.isUp, envelope.message != .leaving {
            peer.presence.comeUp()
            requests.open.noteKnowledge()
            if !isRemoved(peer.address) { note(.cameUp, of: peer.address) }
        }
        members.peers.set(peer)
        welcomeBack(envelope.from, incarnation: envelope.incarnation)
        return true
    }

    /// A hint from below: what it was asked is asked elsewhere, and others are asked first until it is heard again.
    mutating func suspect(_ node: NodeAddress) {
        members.peers.update(node) { $0.presence.suspect() }
        retryForwards(to: node)
    }

    mutating func markLeaving(_ node: NodeAddress) {
        markDown(node, .left)
    }

    private mutating func markDown(_ node: NodeAddress, _ fact: Occurrence.Fact) {
        guard var peer = peers[node], peer.presence.isUp else { return }
        peer.goDown()
        members.peers.set(peer)
        requests.open.noteKnowledge()
        if !isRemoved(node) { note(fact, of: node) }
        retryForwards(to: node)
    }

    /// Finds the peers that fell silent.
    mutating func watchPeers() {
        for node in peerAddresses {
            guard let peer = peers[node], peer.presence.isUp else { continue }
            if hasPassed(configuration.silenceMillisecondsMax, since: peer.presence.heardMicroseconds) {
                if makes(.returningNodesAreIgnored) { members.peers.ignore(node) }
                markDown(node, .wentSilent(milliseconds: configuration.silenceMillisecondsMax))
            }
        }
        dropOutdatedMessagesAhead()
    }

    /// A sender that is gone, or has started again, may have been the last one of its epoch: then nobody brings that.
    private mutating func dropOutdatedMessagesAhead() {
        let peers = peers
        requests.ahead.drop { envelope in
            guard let sender = peers[envelope.from], sender.presence.isUp else { return true }
            return sender.incarnation != envelope.incarnation || sender.epoch < envelope.epoch
        }
    }

    /// Sends heartbeats when they are due.
    mutating func beat() {
        guard members.heartbeats.isDue(everyMilliseconds: configuration.heartbeatMilliseconds, now) else { return }
        members.heartbeats.beat(now)
        followClocks()
        for node in peerAddresses where isDialled(node) { sendHeartbeat(to: node, wantsReply: state == .starting) }
        let isTurn = members.heartbeats.count % Self.heartbeatsPerNodeList == 0
        if late.own.waitsForOthers || isTurn { announceLateWrites() }
        if isTurn { tellOfEarlierStarts() }
    }

    /// Whether this node speaks to `node` by itself: one that an operator took out is answered while it is there, and one
    /// of another cluster is looked at now and then, as it may be replaced.
    private func isDialled(_ node: NodeAddress) -> Bool {
        if members.identity.strangers[node] != nil {
            return members.heartbeats.count % Self.heartbeatsPerNodeList == 0
        }
        guard isRemoved(node) else { return true }
        return peers[node].map { $0.presence.isUp && $0.incarnation != nil } ?? false
    }

    private mutating func followClocks() {
        time.wall.follow(
            now: now,
            peerOffsetsMicroseconds: peerAddresses.compactMap { node in
                guard let peer = peers[node], peer.presence.isUp else { return nil }
                return peer.wallOffsetMicroseconds
            })
        // A context may have been ahead of the clocks that this node knew of.
        if !requests.open.waiting.isEmpty { requests.open.noteKnowledge() }
    }

    /// Heartbeats at once, outside their rhythm: this node's state changed.
    mutating func beatNow() {
        members.heartbeats.hurry()
        beat()
    }

    /// - Parameter isBrief: without the list of nodes, unless that is due.
    mutating func sendHeartbeat(to node: NodeAddress, wantsReply: Bool, isBrief: Bool = false) {
        let isRecent = !hasPassed(2_000, since: members.decisions.changedMicroseconds)
        let heard = peers[node].flatMap { peer in
            peer.incarnation.map { HeartbeatNumber(incarnation: $0, count: peer.heartbeatHeard) }
        }
        let isDue = members.heartbeats.count % Self.heartbeatsPerNodeList == 1 || isRecent || wantsReply && !isBrief
        send(
            .heartbeat(
                Heartbeat(
                    count: members.heartbeats.count, heard: heard, state: state, wallMicroseconds: now.wallMicroseconds,
                    vector: vector, handedOn: handedOn, isOutsideChanges: changing.isOutsideChanges,
                    nodes: isDue ? knownNodes() : [], wantsReply: wantsReply)),
            to: node)
    }

    private func knownNodes() -> [KnownNode] {
        (peerAddresses + [address]).map { node in
            members.decisions[node] ?? KnownNode(address: node, isRemoved: false, decidedAt: 0, incarnation: 0)
        }
    }

    mutating func receive(_ heartbeat: Heartbeat, from: NodeAddress, epoch: UInt64) {
        guard var peer = peers[from] else { return }
        // One that was overtaken on its way tells of a state that is over.
        let isLatest = heartbeat.count >= peer.heartbeatHeard
        if isLatest, peer.state != heartbeat.state {
            requests.open.noteKnowledge()
            peer.state = heartbeat.state
        }
        let isNews = peer.wallOffsetMicroseconds == nil
        peer.wallOffsetMicroseconds = WallEstimate.offset(of: heartbeat.wallMicroseconds, at: now)
        peer.heartbeatHeard = max(peer.heartbeatHeard, heartbeat.count)
        if epoch == layout.epoch {
            peer.said.note(vector: heartbeat.vector)
            if isLatest { peer.said.note(handedOn: heartbeat.handedOn) }
            if heartbeat.isOutsideChanges, let heard = heartbeat.heard,
                heard.incarnation == incarnation
            {
                peer.said.noteOutsideChanges(after: heard.count, handsOn: heartbeat.handedOn == nil)
            }
        }
        members.peers.set(peer)
        if isNews { followClocks() }
        for node in heartbeat.nodes.prefix(Bounds.nodesMax) { learn(node) }
        if heartbeat.wantsReply { sendHeartbeat(to: from, wantsReply: false) }
        if epoch < layout.epoch { send(.epoch(record), to: from) }
        if state == .starting { advanceStart() }
        if epoch == layout.epoch { noteLead(of: from) }
        // A write may wait for what the sender covers now.
        if !requests.open.waiting.isEmpty { requests.open.noteKnowledge() }
    }

    /// Takes over what a peer knows of a node, where it is news.
    private mutating func learn(_ node: KnownNode) {
        if peers[node.address] == nil, node.address != address, !node.isRemoved {
            guard peers.count < Bounds.nodesMax else { return }
            addPeer(node.address)
        }
        guard members.decisions.isNews(node),
            time.mayFollow(node.decidedAt, of: .peers)
        else { return }
        decide(node)
    }

    private mutating func decide(_ node: KnownNode) {
        let wasRemoved = isRemoved(node.address)
        members.decisions.set(node, now)
        time.follow(node.decidedAt, of: .peers)
        if node.isRemoved != wasRemoved {
            requests.open.noteKnowledge()
            note(node.isRemoved ? .wasTakenOutOfView : .wasPutIntoView, of: node.address)
            if node.isRemoved { retryForwards(to: node.address) }
        }
    }

    /// A removed node that was started again is in the view again.
    private mutating func welcomeBack(_ node: NodeAddress, incarnation: UInt64) {
        guard let decision = members.decisions[node], decision.isRemoved, incarnation > decision.incarnation,
            decision.incarnation > 0
        else { return }
        decide(
            KnownNode(
                address: node, isRemoved: false, decidedAt: min(decision.decidedAt, Bounds.timestampMax) + 1,
                incarnation: incarnation))
    }

    /// An operator's word about a node. Takes force here at once, and reaches the others by heartbeat.
    mutating func decide(_ node: NodeAddress, isRemoved: Bool) {
        addPeer(node)
        if !isRemoved, node != address {
            // It gets the time of one silence to answer, before it counts as down.
            let now = now
            members.peers.update(node) { $0.presence.expect(now) }
        }
        decide(
            KnownNode(
                address: node, isRemoved: isRemoved,
                decidedAt: time.clock.tick(wallMicroseconds: wallMicroseconds),
                incarnation: node == address ? incarnation : peers[node]?.incarnation ?? 0))
        beatNow()
    }
}
