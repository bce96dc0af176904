/// Requests about the cluster rather than about a key.
extension Replica {
    mutating func answer(_ request: Request, id: RequestID) {
        switch request {
        case .view: reply(id, .view(view))
        case .addToView(let node): addToView(node, id: id)
        case .removeFromView(let node): removeFromView(node, id: id)
        case .shardIDs: reply(id, .shardIDs(Array(layout.shards.indices)))
        case .nodeShardID: reply(id, shard.map { .nodeShardID($0) } ?? .refused(.notInShard))
        case .shardMembers(let asked):
            guard let members = members(of: asked) else { return refuseShard(asked, id: id) }
            reply(id, .shardMembers(members.filter(isUp)))
        case .keyCount(let asked):
            guard members(of: asked) != nil else { return refuseShard(asked, id: id) }
            startKeyCount(asked, id: id)
        case .addMember(let node, let asked): addMember(node, shard: asked, id: id)
        case .reshard(let count, let force, let isStepped):
            reshard(to: count, force: force, isStepped: isStepped, id: id)
        case .planReshard(let count): startPlan(shardCount: count, for: id)
        case .abortReshard: abortChange(for: id)
        case .stepReshard(let command): stepChange(command, for: id)
        case .reshardProgress: reply(id, .progress(reportNow))
        case .locate(let key): startLocate(key, for: id)
        case .status: reply(id, .status(status))
        case .get, .put, .delete: start(request, from: .client(id))
        }
    }

    mutating func reply(_ id: RequestID, _ reply: Reply) { outbox.reply(id, reply) }

    private func members(of asked: Int) -> [NodeAddress]? {
        layout.shards.indices.contains(asked) ? layout.shards[asked] : nil
    }

    private mutating func refuseShard(_ asked: Int, id: RequestID) {
        reply(id, .refused(.noSuchShard(shard: asked, shardCount: layout.shardCount)))
    }

    private mutating func addToView(_ node: NodeAddress, id: RequestID) {
        guard !view.contains(node) else { return reply(id, .alreadyInView) }
        guard peers[node] != nil || peers.count < Bounds.nodesMax else { return reply(id, .refused(.busy)) }
        if let stranger = members.identity.strangers[node] {
            return reply(id, .refused(.ofAnotherCluster(node, stranger.cluster)))
        }
        decide(node, isRemoved: false)
        reply(id, .addedToView)
    }

    private mutating func removeFromView(_ node: NodeAddress, id: RequestID) {
        let isMember = layout.shard(of: node) != nil
        // One that is down is out of the view by itself; an operator's word says that it does not come back.
        guard view.contains(node) || peers[node] != nil && !isRemoved(node) else { return reply(id, .notInView) }
        if let running = coordinator, isMember {
            return reply(id, .refused(.changeRunning(operation: running.operation.description)))
        }
        // A member leaves the view once it has left the layout, so that a removal that fails changes nothing.
        if isMember { return startChange(.removeMember(node), for: id) }
        decide(node, isRemoved: true)
        reply(id, .removedFromView)
    }

    private mutating func addMember(_ node: NodeAddress, shard asked: Int, id: RequestID) {
        guard members(of: asked) != nil else { return refuseShard(asked, id: id) }
        guard layout.shard(of: node) != nil || view.contains(node) else {
            return reply(id, .refused(.unknownNode(node)))
        }
        guard layout.shard(of: node) != nil || placeable.contains(node) else {
            return reply(id, .refused(.notHeard(node)))
        }
        startChange(.addMember(node, shard: asked), for: id)
    }

    private mutating func reshard(to count: Int, force: Bool, isStepped: Bool, id: RequestID) {
        guard count >= 1, count <= Bounds.nodesMax else { return reply(id, .refused(.badShardCount(count))) }
        guard placeable.count >= count * SeedSearch.membersMin else {
            return reply(id, .refused(.notEnoughNodes(nodes: placeable.count, shardCount: count)))
        }
        startChange(.reshard(shardCount: count), for: id, mayForce: force, isStepped: isStepped)
    }

    private var status: ReplicaStatus {
        let nodes = (peerAddresses + [address]).sorted()
        var status = ReplicaStatus(
            address: address, incarnation: incarnation, state: state, shard: shard,
            epoch: layout.epoch, seed: layout.seed, placement: layout.placement, shards: layout.shards,
            peers: nodes.map(peerStatus), keys: store.tally.keys, tombstones: store.tally.tombstones,
            tombstonesCollected: forgotten.count, bytes: store.tally.bytes, heldWrites: requests.open.heldWrites.count,
            waitingRequests: requests.open.waiting.count,
            handOnEntries: late.handOns.recordCount)
        status.refusedMessages = members.refused.count
        status.cluster = cluster?.id
        status.wait = wait
        let strangers = members.identity.strangers.all.map { stranger in
            ReplicaStatus.Stranger(
                address: stranger.address, cluster: stranger.cluster,
                silentMilliseconds: (now.monotonicMicroseconds - stranger.heardMicroseconds) / 1_000)
        }
        status.strangers = strangers.isEmpty ? nil : strangers
        return status
    }

    private func peerStatus(_ node: NodeAddress) -> ReplicaStatus.Peer {
        let health: Health = isRemoved(node) ? .removed : isUp(node) ? .up : .down
        let owner = layout.shard(of: node)
        guard let peer = peers[node] else {
            return ReplicaStatus.Peer(
                address: node, health: health, shard: owner, incarnation: incarnation,
                epoch: layout.epoch, state: state, silentMilliseconds: 0)
        }
        let isHeard = peer.incarnation != nil
        let covered = peer.said.vector[ownOrigin]
        return ReplicaStatus.Peer(
            address: node, health: health, shard: owner, incarnation: peer.incarnation,
            epoch: isHeard ? peer.epoch : nil, state: peer.state,
            silentMilliseconds: isHeard ? (now.monotonicMicroseconds - peer.presence.heardMicroseconds) / 1_000 : nil,
            lagWrites: owner != nil && owner == shard ? counter - min(counter, covered) : nil)
    }
}
